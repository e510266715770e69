-- No session of version N-1 is left that could hold a number: free the sequences that were in use.
update hq.numbersequencetable
set    inuse = 0
where  inuse <> 0;

-- A sequence that ran past its limits would stop the first user.
update hq.numbersequencetable
set    nextrec = lowest
where  nextrec < lowest;
