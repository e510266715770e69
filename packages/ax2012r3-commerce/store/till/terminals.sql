select t.TERMINALID as terminal
from   RETAILTERMINALTABLE t
join   RETAILSTORETABLE s on s.RECID = t.STORERECID
where  s.STORENUMBER = :store_id
order  by t.TERMINALID
