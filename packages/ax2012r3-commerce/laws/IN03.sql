-- id: IN03
-- title: computed on-hand columns follow from the others
-- kind: invariant
-- key: dataareaid, itemid, inventdimid
-- area: inventory
-- why: AX stores physical and available quantity; both must still be what their parts say
select dataareaid, itemid, inventdimid, physicalinvent, availphysical
from   inventsum
where  abs(physicalinvent - (postedqty + received + registered - deducted - picked)) > 0.000001
or     abs(availphysical - (physicalinvent - reservphysical)) > 0.000001
