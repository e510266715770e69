insert into sale_line (sale, line, isbn, copies, amount) values (:id, :line, :item, :quantity, money(:net))
