-- key: recid
select h.centraltableserver,
       h.centraltableserverport,
       h.language,
       h.name,
       h.profileid,
       h.protocol,
       h.reportexecutiontimeout,
       h.retailtsdata,
       h.securityoff,
       h.servercertificatedns,
       h.serverservicename,
       h.transferfilechunksize,
       h.tsstaff,
       h.recversion,
       h.partition,
       h.recid
from hq.retailtransactionserviceprofile h
