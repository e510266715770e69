select a.recid
from   generaljournalaccountentry a
join   dimensionattributevaluecombination d on d.recid = a.ledgerdimension
where  a.mainaccount <> d.mainaccount
