-- id: TRG01
-- section: environment
-- severity: warning
-- title: triggers that are not of the product
-- why: they are not carried over, and those that name columns version N drops would fail
-- fix: find out what the trigger does and rebuild it as a business event or an extension
select c.relname || '.' || t.tgname as subject, 'calls ' || p.proname || case when t.tgenabled = 'D' then ', disabled' else '' end as detail, 0::bigint as bytes
from   pg_trigger t
join   pg_class c on c.oid = t.tgrelid
join   pg_proc p on p.oid = t.tgfoid
where  not t.tgisinternal and c.relnamespace = current_schema()::regnamespace and t.tgname !~* '^(sysdblog|sysevencud|aif|carryover)'
order  by subject
