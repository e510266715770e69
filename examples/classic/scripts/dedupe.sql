-- phase: pre-sync
-- title: one member for each address, the oldest
-- per: companies
update old.loan l
set    member = k.keep
from   (select id, min(id) over (partition by lower(email)) as keep from old.member where library = :'company') k
where  l.library = :'company' and l.member = k.id and k.keep <> k.id;

do $$
declare
    n bigint;
begin
    delete from old.member m
    using  old.member k
    where  m.library = current_setting('carryover.company') and k.library = m.library and lower(k.email) = lower(m.email) and k.id < m.id;
    get diagnostics n = row_count;
    raise notice '% members were there twice', n;
end
$$;
