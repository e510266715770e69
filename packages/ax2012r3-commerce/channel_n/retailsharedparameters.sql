-- key: recid
-- jobs: 1110_AX7
-- scope: all
select t.recid,
       t.catalogdefaultattributegroup,
       t.categorydefaultattributegroup,
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
       t.workerdefaultattributegroup,
       t.consumerefdoccscencryption,
       t.devicetokenexpiration,
       t.defaulthwsselfservicepkg
from hq.retailsharedparameters t
