-- What must hold in version N whatever the source held: each of these follows from a lens, so dirt of the source cannot
-- break it, but a wrong lens can.

alter table hq.inventdim add constraint inventdim_hash_is_hex check (sha1hashhex ~ '^[0-9a-f]{40}$');
alter table hq.retailstafftable add constraint retailstafftable_password_or_change check (passworddata <> '' or changepassword = 1);
alter table hq.retailstafftable add constraint retailstafftable_hash_has_salt check (passworddata = '' or passwordsalt <> '');
alter table hq.dataarea add constraint dataarea_no_virtual_company check (isvirtual = 0);
alter table hq.generaljournalaccountentry add constraint generaljournalaccountentry_mainaccount_is_recid check (mainaccount >= 0);
alter table hq.retailchanneltable add constraint retailchanneltable_has_id check (retailchannelid <> '');
