-- What headquarters has to know of a gift card that is sold, and how it is taken back.
select 'before' as moment, 'IssueGiftCard' as method,
       json_object('giftCardId', :card, 'amount', money(:card_amount), 'currencyCode', :currency, 'channelId', :channel, 'terminalId', :terminal,
                   'staffId', :staff, 'transactionId', :id, 'receiptId', :receipt) as parameters,
       'VoidGiftCard' as undo_method, json_object('giftCardId', :card, 'channelId', :channel, 'terminalId', :terminal) as undo_parameters
union  all
select 'after', 'UnlockGiftCard', json_object('giftCardId', :card, 'channelId', :channel, 'terminalId', :terminal), '', ''
