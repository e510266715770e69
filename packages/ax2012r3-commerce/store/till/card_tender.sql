select TENDERTYPEID as tender, 0 as is_card from RETAILSTORETENDERTYPETABLE where CHANNEL = :channel and POSOPERATION = 214 limit 1
