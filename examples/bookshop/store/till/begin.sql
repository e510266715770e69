-- A number that no other branch, and no sale before Papyrus had branches, can have.
select :branch * 1000000000000 + :number as id
