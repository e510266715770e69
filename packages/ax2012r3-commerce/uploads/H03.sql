-- title: The customer exists
-- why: An order and its invoice need one.
select t.store, t.terminal, t.transactionid, t.channel, t.dataareaid,
       'there is no customer ' || t.custaccount as reason
from   uploaded u
join   hq.retailtransactiontable t using (store, terminal, transactionid, channel, dataareaid)
where  t.custaccount <> ''
and    not exists (select from hq.custtable c where c.dataareaid = t.dataareaid and c.accountnum = t.custaccount)
