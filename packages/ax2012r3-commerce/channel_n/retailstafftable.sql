-- key: recid
-- jobs: 1060_AX7
-- scope: all
select t.recid,
       t.blocked,
       t.changepassword,
       t.continueontserrors,
       t.culturename,
       t.employmenttype,
       t.image,
       t.nameonreceipt,
       t.password,
       t.passworddata,
       t.staffid,
       t.passwordsalt,
       t.passwordhashalgorithm,
       t.passwordlastchangeddatetime,
       t.passwordlastupdatedoperation,
       t.modifieddatetime
from hq.retailstafftable t
