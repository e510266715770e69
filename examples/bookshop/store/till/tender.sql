select substr('CKKV', 1 + :pick % 4, 1) as tender
