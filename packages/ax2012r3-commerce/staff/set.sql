-- A new password: the hash with its algorithm, and its salt where version N looks for one. What was left of N-1 is erased. If
-- somebody else was faster, nothing happens.
update hq.retailstafftable
set    passworddata = :hash,
       passwordhashalgorithm = 'ARGON2ID',
       passwordsalt = split_part(:hash, '$', 5),
       changepassword = case when :change then 1 else 0 end,
       passwordlastchangeddatetime = now() at time zone 'UTC',
       passwordlastupdatedoperation = case when :change then 2 else 1 end,
       password = '',
       legacypassworddata = '',
       legacyregkeydata2value = '',
       modifieddatetime = now() at time zone 'UTC',
       recversion = recversion + 1
where  staffid = :staff and passworddata = :hash_before and legacypassworddata = :old_before
