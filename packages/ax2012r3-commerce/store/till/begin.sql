select :store || '-' || :terminal || '-' || :number as id, 'R' || printf('%012d', :number) as receipt
