-- key: profileid
-- jobs: 1070
-- scope: all
select t.recid,
       t.centraltableserver,
       t.centraltableserverport,
       t.language,
       t.name,
       t.profileid,
       t.protocol,
       t.reportexecutiontimeout,
       t.retailtsdata,
       t.securityoff,
       t.servercertificatedns,
       t.serverservicename,
       t.transferfilechunksize,
       t.tsstaff
from old.retailtransactionserviceprofile t
