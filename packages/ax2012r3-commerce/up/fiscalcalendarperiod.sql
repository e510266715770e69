-- key: recid
select t.enddate,
       t.description,
       t.month,
       t.quarter,
       t.startdate,
       t.fiscalcalendaryear,
       t.shortname,
       t.name,
       t.type,
       t.fiscalcalendar,
       t.modifieddatetime,
       t.modifiedby,
       t.recversion,
       t.partition,
       t.recid
from old.fiscalcalendarperiod t
