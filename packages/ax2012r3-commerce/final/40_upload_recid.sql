-- Rows that stores of version N-1 send come without a recid. Theirs are taken from the upper half of the numbers, which
-- the sequences of version N never reach.
create sequence if not exists hq.upload_recid start 4611686018427387904;
