-- key: recid
-- jobs: 1060
-- scope: all
-- Every worker, with the hash that the tills know as long as it is set aside.
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
       t.modifieddatetime
from old.retailstafftable t
