-- id: ENC02
-- section: settings
-- severity: advice
-- title: tables with columns that were encrypted by the old system
-- why: version N has another key and cannot read them
-- fix: have the values at hand and enter them again after go-live
select c.relname::text as subject, 'about ' || greatest(c.reltuples, 0)::bigint || ' rows' as detail, 0::bigint as bytes
from   pg_class c
where  c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and pg_relation_size(c.oid) > 0
and    c.relname in ('creditcardaccountsetup', 'exchangerateproviderconfigurationdetails', 'retailchannelpaymentconnectorline', 'retailconndatabaseprofile', 'sysemailsmtppassword', 'hcmpersonidentificationnumber', 'sysoauthusertokens', 'fiscalestablishment_br')
order  by 1
