-- id: RT16
-- title: gift card transactions belong to a card
-- kind: invariant
-- key: dataareaid, cardnumber
-- area: retail
-- why: an amount on a card that does not exist can never be spent
select t.dataareaid, t.cardnumber, sum(t.amount) as balance
from   retailgiftcardtransactions t
left   join retailgiftcardtable c on c.dataareaid = t.dataareaid and c.entryid = t.cardnumber
where  c.recid is null
group  by t.dataareaid, t.cardnumber
