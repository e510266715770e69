-- key: recid
-- relationtype repeats the discriminator in N-1.
select h.channeltimezone,
       h.channeltimezoneinfoid,
       h.channeltype,
       h.currency,
       h.defaultcustaccount,
       h.defaultcustdataareaid,
       h.displaytaxpertaxcomponent,
       h.eventnotificationprofileid,
       h.instancerelationtype,
       h.inventlocation,
       h.inventlocationdataareaid,
       h.omoperatingunitid,
       h.priceincludessalestax,
       h.transactionserviceprofile,
       h.instancerelationtype as relationtype,
       h.recversion,
       h.partition,
       h.recid
from hq.retailchanneltable h
