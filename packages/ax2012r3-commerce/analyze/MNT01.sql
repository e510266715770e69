-- id: MNT01
-- section: environment
-- severity: warning
-- title: maintenance mode
-- why: a system that was left in maintenance mode runs no batch jobs, and so does its copy
-- fix: switch maintenance mode off before the snapshot
-- tables: sqlsystemvariables.parm, sqlsystemvariables.value
select 'sqlsystemvariables' as subject, v.parm || ' = ' || v.value as detail, 0::bigint as bytes
from   sqlsystemvariables v
where  upper(v.parm) = 'CONFIGURATIONMODE' and v.value::text = '1'
