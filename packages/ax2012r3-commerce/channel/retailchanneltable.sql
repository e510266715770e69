-- key: recid
-- jobs: 1070
-- scope: all
select t.recid,
       t.channeltimezone,
       t.channeltimezoneinfoid,
       t.channeltype,
       t.currency,
       t.defaultcustaccount,
       t.defaultcustdataareaid,
       t.displaytaxpertaxcomponent,
       t.eventnotificationprofileid,
       t.instancerelationtype,
       t.inventlocation,
       t.inventlocationdataareaid,
       t.omoperatingunitid,
       t.priceincludessalestax,
       t.transactionserviceprofile,
       t.relationtype
from old.retailchanneltable t
