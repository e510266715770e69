-- title: A fiscal document names its printer, too (Brazil)
-- why: The tax office knows a document by both.
-- Fiscal documents themselves are in tables that this package does not carry: only the two references can be compared.
select t.store, t.terminal, t.transactionid, t.channel, t.dataareaid,
       'fiscal document ' || t.fiscaldocumentid || ', fiscal printer ' || t.fiscalserialid as reason
from   uploaded u
join   hq.retailtransactiontable t using (store, terminal, transactionid, channel, dataareaid)
where  t.type = 2 and t.entrystatus not in (1, 4, 5, 6)
and    (t.fiscaldocumentid <> '') <> (t.fiscalserialid <> '')
