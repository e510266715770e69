-- key: recid
-- jobs: 1110
-- scope: all
select t.recid,
       t.catalogdefaultattributegroup,
       t.consumerefdoccscencryption,
       t.customerdefaultattributegroup,
       t.devicetokenalgorithm,
       t.earnloyaltyoffline,
       t.eftpasswordencryption,
       t.exchangeratetype,
       t.imagesattributetype,
       t.key_ as key,
       t.localstoreid,
       t.productdefaultattributegroup,
       t.staffpasswordhash,
       t.transactionserviceprofile,
       t.tspasswordencryption,
       t.videosattributetype,
       t.workerdefaultattributegroup
from old.retailsharedparameters t
