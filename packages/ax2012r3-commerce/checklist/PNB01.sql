-- id: PNB01
-- phase: post
-- gate: open
-- severity: blocker
-- title: number sequences have numbers left
-- why: a sequence that is used up stops the first document that wants a number
-- fix: raise the largest number of the sequence (Organization administration > Number sequences)
-- owner: system administrator
-- on: target
select n.numbersequence, 'the next number is ' || n.nextrec || ', the largest is ' || n.highest
from   hq.numbersequencetable n
where  n.highest > 0 and n.nextrec > n.highest and n.blocked = 0 and n.cyclic = 0
order  by 1
