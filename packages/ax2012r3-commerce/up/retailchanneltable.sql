-- key: recid
-- Channels get an id of their own: the number of their operating unit, or else their recid. The site is the one of the
-- channel's warehouse. All kinds of channels share this table; relationtype is new in N and starts at 0.
select t.channeltimezone,
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
       0::bigint as relationtype,
       '' as cashoffice_ru,
       0::bigint as categoryhierarchy,
       0::bigint as defaultdimension,
       '' as payment,
       '' as paymmode,
       0.000000 as storearea,
       coalesce(nullif(p.omoperatingunitnumber, ''), t.recid::text) as retailchannelid,
       0 as manualaccept,
       0::bigint as retailreturnpolicychannel,
       0 as calcexempttaxesforpriceinclusive,
       coalesce(w.inventsiteid, '') as inventsiteid,
       t.recversion,
       t.partition,
       t.recid
from old.retailchanneltable t
left join old.dirpartytable p on p.recid = t.omoperatingunitid
left join old.inventlocation w on w.dataareaid = t.inventlocationdataareaid and w.inventlocationid = t.inventlocation
