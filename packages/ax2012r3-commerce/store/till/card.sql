-- A gift card that this store has sold, and what is paid with it.
select COMMENT as card, 500 as card_amount
from   RETAILTRANSACTIONSALESTRANS
where  GIFTCARD = 1 and TRANSACTIONSTATUS = 0
order  by (rowid * 2654435761 + :pick) % 1000003
limit  1
