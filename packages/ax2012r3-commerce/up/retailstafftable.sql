-- key: recid
-- The old hash cannot be turned into the new one, which has a salt for each worker. It is set aside, so that a worker can
-- prove the old password once, and everybody has to choose a new one.
select t.blocked,
       1 as changepassword,
       t.continueontserrors,
       t.culturename,
       t.employmenttype,
       t.image,
       t.nameonreceipt,
       t.password,
       '' as passworddata,
       t.staffid,
       '' as externalidentityname,
       '' as externalidentityid,
       '' as externalidentitysubid,
       '' as passwordsalt,
       coalesce(p.staffpasswordhash, '') as passwordhashalgorithm,
       timestamp '1900-01-01' as passwordlastchangeddatetime,
       '' as externalidentityalias,
       '' as tmpexternalidentitypassword,
       '' as tmpexternalidentityalias,
       0 as passwordlastupdatedoperation,
       '' as layoutid,
       '' as legacylocalcontext,
       case when t.passworddata = '' then '' else :'staff_site_salt' end as legacyregkeydata2value,
       t.passworddata as legacypassworddata,
       t.modifieddatetime,
       t.recversion,
       t.partition,
       t.recid
from old.retailstafftable t
left join old.retailsharedparameters p on p.key_ = 0
