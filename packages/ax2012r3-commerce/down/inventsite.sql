-- key: recid
select h.siteid,
       h.name,
       h.defaultdimension,
       h.timezone,
       h.orderentrydeadlinegroupid,
       h.defaultinventstatusid,
       h.taxbranchrefrecid,
       h.isreceivingwarehouseoverrideallowed as isreceivingwarehouseovrdealwd,
       h.dataareaid,
       h.recversion,
       h.partition,
       h.recid
from hq.inventsite h
