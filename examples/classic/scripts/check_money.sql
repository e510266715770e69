-- phase: post-sync
-- title: no fine is lost
-- after: owes
do $$
begin
    if (select sum(owes) from hq.member) <> (select sum(fine) from old.loan) then
        raise exception 'the members do not owe what the fines are';
    end if;
end
$$;
