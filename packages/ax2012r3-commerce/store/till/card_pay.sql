-- What headquarters has to know of a payment with a gift card, and how it is taken back.
select 'before' as moment, 'LockGiftCard' as method,
       json_object('giftCardId', :card, 'channelId', :channel, 'terminalId', :terminal) as parameters,
       'UnlockGiftCard' as undo_method, json_object('giftCardId', :card, 'channelId', :channel, 'terminalId', :terminal) as undo_parameters
union  all
select 'before', 'PayGiftCard',
       json_object('giftCardId', :card, 'amount', money(:card_amount), 'currencyCode', :currency, 'channelId', :channel, 'terminalId', :terminal,
                   'staffId', :staff, 'transactionId', :id, 'receiptId', :receipt),
       'VoidGiftCardPayment', json_object('giftCardId', :card, 'channelId', :channel, 'terminalId', :terminal, 'transactionId', :id)
