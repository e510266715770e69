-- id: CHN01
-- severity: blocker
-- title: every store has a channel with a currency, a warehouse and a default customer that exist
-- why: a till takes prices, stock and its anonymous customer from there; without them it opens and sells nothing
-- fix: complete the channel (Retail channels > Retail stores > General)
select s.storenumber,
       case when c.recid is null then 'it has no channel'
            when c.currency = '' then 'its channel has no currency'
            when w.inventlocationid is null then 'its channel has no warehouse ''' || c.inventlocation || ''' in ' || c.inventlocationdataareaid
            else 'its channel has no customer ''' || c.defaultcustaccount || ''' in ' || c.defaultcustdataareaid end
from   hq.retailstoretable s
left   join hq.retailchanneltable c on c.recid = s.recid
left   join hq.inventlocation w on w.dataareaid = c.inventlocationdataareaid and w.inventlocationid = c.inventlocation
left   join hq.custtable u on u.dataareaid = c.defaultcustdataareaid and u.accountnum = c.defaultcustaccount
where  c.recid is null or c.currency = '' or w.inventlocationid is null or u.accountnum is null
order  by 1
