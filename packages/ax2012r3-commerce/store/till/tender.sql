-- Cash (operation 200), cheque or card; gift cards (214) need headquarters.
select TENDERTYPEID as tender, POSOPERATION = 200 as gives_change, POSOPERATION = 201 as is_card,
       case when POSOPERATION = 200 then cents(ROUNDING) else 1 end as round_to
from   RETAILSTORETENDERTYPETABLE
where  CHANNEL = :channel and POSOPERATION <> 214
order  by (TENDERTYPEID * 2654435761 + :pick) % 1000003
limit  1
