select 'shop' as terminal
