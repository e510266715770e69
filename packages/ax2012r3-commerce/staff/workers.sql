-- Who works where: by the employee address books of the stores. Workers without a store are listed, too.
select t.staffid as staff,
       t.nameonreceipt as name,
       coalesce(w.store, '') as store,
       t.blocked = 1 as blocked,
       t.passworddata as hash,
       t.legacypassworddata as old_hash,
       t.changepassword = 1 as change
from   hq.retailstafftable t
left   join hq_call.worker w on w.staff = t.staffid
