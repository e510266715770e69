-- id: STM01
-- phase: pre
-- gate: cutover
-- severity: blocker
-- title: every statement is posted or cleared
-- why: a statement that version N-1 has calculated cannot be posted in version N
-- fix: post or clear it (Retail > Journals > Open statements)
-- owner: store accounting
-- on: source
-- needs: retailstatementtable
select statementid, 'store ' || storeid || ', of ' || to_char(statementdate, 'YYYY-MM-DD')
from   retailstatementtable
where  posteddate <= timestamp '1900-01-01'
order  by 1
