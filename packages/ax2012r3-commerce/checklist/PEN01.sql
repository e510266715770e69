-- id: PEN01
-- phase: post
-- gate: none
-- severity: warning
-- title: payment connectors were entered again
-- why: their properties were encrypted with the key of N-1, which version N does not have
-- fix: enter the merchant properties of the hardware profile again (Retail > Channel setup > POS profiles)
-- owner: retail administrator
-- on: target
select h.profileid, 'its payment connector ' || coalesce(nullif(h.eftconnectorname, ''), h.legacyeftconnectorname) || ' has no properties of version N'
from   hq.retailhardwareprofile h
where  (h.eftconnectorproperties <> '' or h.legacyeftconnectorname <> '') and length(h.securemerchantproperties) = 0
order  by 1
