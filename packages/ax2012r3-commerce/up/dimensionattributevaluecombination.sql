-- key: recid
-- Version N keeps the number of the main account in the combination.
select t.displayvalue,
       t.mainaccount,
       t.accountstructure,
       t.ledgerdimensiontype,
       t.hash,
       '' as dataareaforcreation,
       '' as implieddataareaid,
       coalesce(m.mainaccountid, '') as mainaccountvalue,
       t.modifiedby,
       t.recversion,
       t.partition,
       t.recid
from old.dimensionattributevaluecombination t
left join old.mainaccount m on m.recid = t.mainaccount
