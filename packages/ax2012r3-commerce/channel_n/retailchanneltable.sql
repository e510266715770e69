-- key: recid
-- jobs: 1070_AX7
-- scope: all
select t.recid,
       t.channeltimezone,
       t.channeltimezoneinfoid,
       t.channeltype,
       t.currency,
       t.defaultcustaccount,
       t.defaultcustdataareaid,
       t.eventnotificationprofileid,
       t.instancerelationtype,
       t.inventlocation,
       t.inventlocationdataareaid,
       t.omoperatingunitid,
       t.priceincludessalestax,
       t.transactionserviceprofile,
       t.displaytaxpertaxcomponent,
       t.retailchannelid,
       t.relationtype
from hq.retailchanneltable t
