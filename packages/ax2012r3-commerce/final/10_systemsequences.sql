-- Every table draws its recids from its own sequence. None may hand out a recid that exists: whatever the sequences of
-- the source said, they continue above the highest recid that was carried over. Raising them twice changes nothing.
do $$
declare
    highest bigint := 0;
    top bigint;
    t record;
begin
    for t in
        select c.table_name
        from   information_schema.columns c
        join   information_schema.tables b using (table_schema, table_name)
        where  c.table_schema = 'hq' and c.column_name = 'recid' and b.table_type = 'BASE TABLE'
        order  by c.table_name
    loop
        execute format('select max(recid) from hq.%I', t.table_name) into top;
        highest := greatest(highest, top);
    end loop;
    update hq.systemsequences
    set    nextval = highest + 1
    where  nextval <= highest;
end
$$;
