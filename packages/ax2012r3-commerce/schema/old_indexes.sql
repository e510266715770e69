-- Indexes on the replica of N-1 that the lenses need and AX does not have: from a dimension to everything that refers to
-- it, and from the dimensions to their identity.

create index inventdim_identity_ix on old.inventdim (
    dataareaid,
    hq_fn.inventdim_identity(configid, inventbatchid, inventcolorid, inventgtdid_ru,
                             inventlocationid, inventownerid_ru, inventprofileid_ru, inventserialid,
                             inventsiteid, inventsizeid, inventstatusid, inventstyleid,
                             licenseplateid, wmslocationid),
    recid);
create index inventtrans_inventdim_ix on old.inventtrans (dataareaid, inventdimid);
create index inventtrans_inventdimsales_ix on old.inventtrans (dataareaid, inventdimidsales_ru);
create index inventtransorigin_inventdim_ix on old.inventtransorigin (dataareaid, iteminventdimid);
create index inventdimcombination_inventdim_ix on old.inventdimcombination (dataareaid, inventdimid);
create index inventitembarcode_inventdim_ix on old.inventitembarcode (dataareaid, inventdimid);
create index pricedisctable_inventdim_ix on old.pricedisctable (dataareaid, inventdimid);
create index retailtransactionsalestrans_inventdim_ix on old.retailtransactionsalestrans (dataareaid, inventdimid);
create index retailtransactiontable_channelkey_ix on old.retailtransactiontable (channel, store, terminal, transactionid, dataareaid);
create index retailtransactionsalestrans_channelkey_ix on old.retailtransactionsalestrans (channel, store, terminalid, transactionid, linenum, dataareaid);
create index retailchanneltable_inventlocation_ix on old.retailchanneltable (inventlocationdataareaid, inventlocation);
