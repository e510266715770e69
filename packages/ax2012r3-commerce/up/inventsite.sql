-- key: recid
select t.siteid,
       t.name,
       t.defaultdimension,
       t.timezone,
       t.orderentrydeadlinegroupid,
       t.defaultinventstatusid,
       t.taxbranchrefrecid,
       t.isreceivingwarehouseovrdealwd as isreceivingwarehouseoverrideallowed,
       t.dataareaid,
       t.recversion,
       t.partition,
       t.recid
from old.inventsite t
