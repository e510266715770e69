-- A gift card that is sold.
select 'G' || :store || '-' || :number as card, 1000 + 500 * (:pick % 5) as card_amount
