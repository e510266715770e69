-- key: recid
-- loses: changepassword: everybody has to choose a new password
-- Stores get the hash they know for as long as it is set aside; it is empty once a worker has chosen a new password.
select h.blocked,
       h.changepassword,
       h.continueontserrors,
       h.culturename,
       h.employmenttype,
       h.image,
       h.nameonreceipt,
       h.password,
       h.legacypassworddata as passworddata,
       h.staffid,
       h.modifieddatetime,
       h.recversion,
       h.partition,
       h.recid
from hq.retailstafftable h
