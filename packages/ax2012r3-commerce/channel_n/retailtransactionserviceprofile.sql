-- key: profileid
-- jobs: 1070_AX7
-- scope: all
select t.recid,
       t.language,
       t.name,
       t.profileid,
       t.securityoff,
       t.serverservicename,
       t.tsstaff,
       t.reportexecutiontimeout,
       t.transferfilechunksize,
       t.userid,
       t.servicehosturl,
       t.issueruri,
       t.identityprovider,
       t.identityproviderclaimtype,
       t.issuedtokentype,
       t.audienceurn
from hq.retailtransactionserviceprofile t
