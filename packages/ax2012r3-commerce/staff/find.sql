-- What is known of a worker's password. `hash` is of version N, `old_hash` and `salt` are what N-1 left.
select t.staffid as staff,
       t.passworddata as hash,
       t.legacypassworddata as old_hash,
       t.legacyregkeydata2value as salt,
       t.changepassword = 1 as change,
       t.blocked = 1 as blocked
from   hq.retailstafftable t
where  t.staffid = :staff
