-- key: recid
-- References to dimensions that were merged move to the one that survives (see inventdim.sql).
select t.itemid,
       t.statusissue,
       t.intercompanyinventdimtransferred,
       t.datephysical,
       round(t.qty, 6) as qty,
       round(t.costamountposted, 6) as costamountposted,
       t.currencycode,
       t.invoiceid,
       t.voucher,
       t.dateexpected,
       t.datefinancial,
       round(t.costamountphysical, 6) as costamountphysical,
       t.statusreceipt,
       t.packingslipreturned,
       t.invoicereturned,
       t.packingslipid,
       t.voucherphysical,
       round(t.costamountadjustment, 6) as costamountadjustment,
       t.shippingdaterequested,
       t.shippingdateconfirmed,
       round(t.qtysettled, 6) as qtysettled,
       round(t.costamountsettled, 6) as costamountsettled,
       t.valueopen,
       t.activitynumber,
       t.datestatus,
       round(t.costamountstd, 6) as costamountstd,
       t.dateclosed,
       t.pickingrouteid,
       round(t.costamountoperations, 6) as costamountoperations,
       t.returninventtransorigin,
       t.projid,
       t.projcategoryid,
       coalesce(s.inventdimid, t.inventdimid) as inventdimid,
       t.markingrefinventtransorigin,
       t.inventdimfixed,
       t.dateinvent,
       t.transchildrefid,
       t.transchildtype,
       t.timeexpected,
       round(t.revenueamountphysical, 6) as revenueamountphysical,
       t.projadjustrefid,
       round(t.taxamountphysical, 6) as taxamountphysical,
       t.inventtransorigin,
       t.storno_ru,
       t.stornophysical_ru,
       coalesce(r.inventdimid, t.inventdimidsales_ru) as inventdimidsales_ru,
       t.groupreftype_ru,
       t.grouprefid_ru,
       round(t.costamountseccurposted_ru, 6) as costamountseccurposted_ru,
       round(t.costamountseccurphysical_ru, 6) as costamountseccurphysical_ru,
       round(t.costamountseccuradjustment_ru, 6) as costamountseccuradjustment_ru,
       t.dateclosedseccur_ru,
       round(t.qtysettledseccur_ru, 6) as qtysettledseccur_ru,
       round(t.costamountsettledseccur_ru, 6) as costamountsettledseccur_ru,
       t.valueopenseccur_ru,
       round(t.costamountstdseccur_ru, 6) as costamountstdseccur_ru,
       t.inventtransorigindelivery_ru,
       t.inventtransoriginsales_ru,
       t.inventtransorigintransit_ru,
       round(t.pdscwqty, 6) as pdscwqty,
       round(t.pdscwsettled, 6) as pdscwsettled,
       t.nonfinancialtransferinventclosing,
       '' as loadid,
       t.createddatetime,
       t.modifieddatetime,
       t.modifiedby,
       t.dataareaid,
       t.recversion,
       t.partition,
       t.recid
from old.inventtrans t
left join old.inventdim d on d.dataareaid = t.dataareaid and d.inventdimid = t.inventdimid
left join (
    select v.dataareaid, v.inventdimid,
           hq_fn.inventdim_identity(v.configid, v.inventbatchid, v.inventcolorid, v.inventgtdid_ru,
               v.inventlocationid, v.inventownerid_ru, v.inventprofileid_ru, v.inventserialid,
               v.inventsiteid, v.inventsizeid, v.inventstatusid, v.inventstyleid,
               v.licenseplateid, v.wmslocationid) as identity
    from   old.inventdim v
    where  v.recid = (
        select min(x.recid)
        from   old.inventdim x
        where  x.dataareaid = v.dataareaid
        and    hq_fn.inventdim_identity(x.configid, x.inventbatchid, x.inventcolorid, x.inventgtdid_ru,
                   x.inventlocationid, x.inventownerid_ru, x.inventprofileid_ru, x.inventserialid,
                   x.inventsiteid, x.inventsizeid, x.inventstatusid, x.inventstyleid,
                   x.licenseplateid, x.wmslocationid)
             = hq_fn.inventdim_identity(v.configid, v.inventbatchid, v.inventcolorid, v.inventgtdid_ru,
                   v.inventlocationid, v.inventownerid_ru, v.inventprofileid_ru, v.inventserialid,
                   v.inventsiteid, v.inventsizeid, v.inventstatusid, v.inventstyleid,
                   v.licenseplateid, v.wmslocationid))
) s on s.dataareaid = d.dataareaid
    and s.identity = hq_fn.inventdim_identity(d.configid, d.inventbatchid, d.inventcolorid, d.inventgtdid_ru,
            d.inventlocationid, d.inventownerid_ru, d.inventprofileid_ru, d.inventserialid,
            d.inventsiteid, d.inventsizeid, d.inventstatusid, d.inventstyleid,
            d.licenseplateid, d.wmslocationid)
left join old.inventdim e on e.dataareaid = t.dataareaid and e.inventdimid = t.inventdimidsales_ru
left join (
    select rv.dataareaid, rv.inventdimid,
           hq_fn.inventdim_identity(rv.configid, rv.inventbatchid, rv.inventcolorid, rv.inventgtdid_ru,
               rv.inventlocationid, rv.inventownerid_ru, rv.inventprofileid_ru, rv.inventserialid,
               rv.inventsiteid, rv.inventsizeid, rv.inventstatusid, rv.inventstyleid,
               rv.licenseplateid, rv.wmslocationid) as identity
    from   old.inventdim rv
    where  rv.recid = (
        select min(rx.recid)
        from   old.inventdim rx
        where  rx.dataareaid = rv.dataareaid
        and    hq_fn.inventdim_identity(rx.configid, rx.inventbatchid, rx.inventcolorid, rx.inventgtdid_ru,
                   rx.inventlocationid, rx.inventownerid_ru, rx.inventprofileid_ru, rx.inventserialid,
                   rx.inventsiteid, rx.inventsizeid, rx.inventstatusid, rx.inventstyleid,
                   rx.licenseplateid, rx.wmslocationid)
             = hq_fn.inventdim_identity(rv.configid, rv.inventbatchid, rv.inventcolorid, rv.inventgtdid_ru,
                   rv.inventlocationid, rv.inventownerid_ru, rv.inventprofileid_ru, rv.inventserialid,
                   rv.inventsiteid, rv.inventsizeid, rv.inventstatusid, rv.inventstyleid,
                   rv.licenseplateid, rv.wmslocationid))
) r on r.dataareaid = e.dataareaid
    and r.identity = hq_fn.inventdim_identity(e.configid, e.inventbatchid, e.inventcolorid, e.inventgtdid_ru,
            e.inventlocationid, e.inventownerid_ru, e.inventprofileid_ru, e.inventserialid,
            e.inventsiteid, e.inventsizeid, e.inventstatusid, e.inventstyleid,
            e.licenseplateid, e.wmslocationid)
