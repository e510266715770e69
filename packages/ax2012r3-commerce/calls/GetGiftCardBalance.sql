-- title: the balance of a gift card
-- why: locks nothing
-- effect: read
-- parameter: giftCardId str 30
-- returns: row
-- payload: currencyCode, balance
-- error: GiftCardUnknown: there is no such gift card in the company of the store
-- error: InvalidChannel: the channel or store is not the one that calls
select currencycode, balance from hq_call.giftcard_get(:store, :giftCardId)
