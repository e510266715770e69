-- Keys and indexes of the sample source, as a real headquarters has them: a unique RECID everywhere, the natural keys, and
-- secondary indexes on the big tables. Store transactions, dimensions and on-hand have their natural key as primary key.
-- sysuserlog has no key at all: such tables can only be copied while the source is silent.


-- General ledger

alter table dbo.ledger add primary key (recid);
create unique index ledger_name_ux on dbo.ledger (name);

alter table dbo.mainaccount add primary key (recid);
create unique index mainaccount_mainaccountid_ux on dbo.mainaccount (ledgerchartofaccounts, mainaccountid);

alter table dbo.fiscalcalendarperiod add primary key (recid);
create index fiscalcalendarperiod_startdate_ix on dbo.fiscalcalendarperiod (fiscalcalendar, startdate, type);

alter table dbo.generaljournalentry add primary key (recid);
create index generaljournalentry_accountingdate_ix on dbo.generaljournalentry (ledger, accountingdate);
create index generaljournalentry_fiscalcalendarperiod_ix on dbo.generaljournalentry (fiscalcalendarperiod);
create index generaljournalentry_subledgervoucher_ix on dbo.generaljournalentry (subledgervoucher, subledgervoucherdataareaid);

alter table dbo.generaljournalaccountentry add primary key (recid);
create index generaljournalaccountentry_generaljournalentry_ix on dbo.generaljournalaccountentry (generaljournalentry);
create index generaljournalaccountentry_ledgerdimension_ix on dbo.generaljournalaccountentry (ledgerdimension);

alter table dbo.dimensionattributevaluecombination add primary key (recid);
create index dimensionattributevaluecombination_mainaccount_ix on dbo.dimensionattributevaluecombination (mainaccount);
create index dimensionattributevaluecombination_displayvalue_ix on dbo.dimensionattributevaluecombination (displayvalue);

alter table dbo.subledgervouchergeneraljournalentry add primary key (recid);
create unique index subledgervouchergeneraljournalentry_voucher_ux on dbo.subledgervouchergeneraljournalentry (voucher, voucherdataareaid, accountingdate, generaljournalentry);
create index subledgervouchergeneraljournalentry_generaljournalentry_ix on dbo.subledgervouchergeneraljournalentry (generaljournalentry);


-- Parties, customers, vendors

alter table dbo.dirpartytable add primary key (recid);
create unique index dirpartytable_partynumber_ux on dbo.dirpartytable (partynumber, partition);
create index dirpartytable_name_ix on dbo.dirpartytable (name);
create index dirpartytable_instancerelationtype_ix on dbo.dirpartytable (instancerelationtype);

alter table dbo.custtable add primary key (recid);
create unique index custtable_accountnum_ux on dbo.custtable (dataareaid, accountnum);
create index custtable_party_ix on dbo.custtable (party);

alter table dbo.custtrans add primary key (recid);
create index custtrans_accountnum_ix on dbo.custtrans (dataareaid, accountnum, transdate);
create index custtrans_voucher_ix on dbo.custtrans (dataareaid, voucher, transdate);

alter table dbo.custtransopen add primary key (recid);
create index custtransopen_refrecid_ix on dbo.custtransopen (refrecid);
create index custtransopen_accountnum_ix on dbo.custtransopen (dataareaid, accountnum, duedate);

alter table dbo.custsettlement add primary key (recid);
create index custsettlement_transrecid_ix on dbo.custsettlement (transrecid);
create index custsettlement_accountnum_ix on dbo.custsettlement (dataareaid, accountnum);

alter table dbo.vendtable add primary key (recid);
create unique index vendtable_accountnum_ux on dbo.vendtable (dataareaid, accountnum);
create index vendtable_party_ix on dbo.vendtable (party);

alter table dbo.vendtrans add primary key (recid);
create index vendtrans_accountnum_ix on dbo.vendtrans (dataareaid, accountnum, transdate);
create index vendtrans_voucher_ix on dbo.vendtrans (dataareaid, voucher, transdate);

alter table dbo.vendtransopen add primary key (recid);
create index vendtransopen_refrecid_ix on dbo.vendtransopen (refrecid);
create index vendtransopen_accountnum_ix on dbo.vendtransopen (dataareaid, accountnum, duedate);

alter table dbo.vendsettlement add primary key (recid);
create index vendsettlement_transrecid_ix on dbo.vendsettlement (transrecid);
create index vendsettlement_accountnum_ix on dbo.vendsettlement (dataareaid, accountnum);


-- Products and stock

alter table dbo.ecoresproduct add primary key (recid);
create unique index ecoresproduct_displayproductnumber_ux on dbo.ecoresproduct (displayproductnumber);

alter table dbo.ecoresproducttranslation add primary key (recid);
create unique index ecoresproducttranslation_product_ux on dbo.ecoresproducttranslation (product, languageid);

alter table dbo.inventtable add primary key (recid);
create unique index inventtable_itemid_ux on dbo.inventtable (dataareaid, itemid);
create index inventtable_product_ix on dbo.inventtable (product);

alter table dbo.inventtablemodule add primary key (recid);
create unique index inventtablemodule_itemid_ux on dbo.inventtablemodule (dataareaid, itemid, moduletype);

alter table dbo.inventdim add primary key (dataareaid, inventdimid);
create unique index inventdim_recid_ux on dbo.inventdim (recid);
create index inventdim_inventlocationid_ix on dbo.inventdim (dataareaid, inventlocationid, wmslocationid);
create index inventdim_inventbatchid_ix on dbo.inventdim (dataareaid, inventbatchid);

alter table dbo.inventdimcombination add primary key (recid);
create unique index inventdimcombination_itemid_ux on dbo.inventdimcombination (dataareaid, itemid, inventdimid);
create index inventdimcombination_distinctproductvariant_ix on dbo.inventdimcombination (distinctproductvariant);

alter table dbo.inventitembarcode add primary key (recid);
create unique index inventitembarcode_itembarcode_ux on dbo.inventitembarcode (dataareaid, itembarcode, unitid, inventdimid, itemid);
create index inventitembarcode_itemid_ix on dbo.inventitembarcode (dataareaid, itemid, inventdimid);

alter table dbo.pricedisctable add primary key (recid);
create index pricedisctable_relation_ix on dbo.pricedisctable (dataareaid, relation, itemcode, itemrelation, accountcode, accountrelation, currency);
create index pricedisctable_itemrelation_ix on dbo.pricedisctable (dataareaid, itemrelation);

alter table dbo.inventtransorigin add primary key (recid);
create unique index inventtransorigin_inventtransid_ux on dbo.inventtransorigin (dataareaid, inventtransid);
create index inventtransorigin_itemid_ix on dbo.inventtransorigin (dataareaid, itemid, referencecategory);

alter table dbo.inventtrans add primary key (recid);
create index inventtrans_inventtransorigin_ix on dbo.inventtrans (inventtransorigin);
create index inventtrans_itemid_ix on dbo.inventtrans (dataareaid, itemid, inventdimid, statusissue, statusreceipt);
create index inventtrans_voucher_ix on dbo.inventtrans (dataareaid, voucher);
create index inventtrans_datestatus_ix on dbo.inventtrans (dataareaid, datestatus);

alter table dbo.inventsum add primary key (dataareaid, itemid, inventdimid);
create unique index inventsum_recid_ux on dbo.inventsum (recid);
create index inventsum_inventdimid_ix on dbo.inventsum (dataareaid, inventdimid);

alter table dbo.inventtransposting add primary key (recid);
create index inventtransposting_inventtransorigin_ix on dbo.inventtransposting (inventtransorigin, inventtranspostingtype, transdate);
create index inventtransposting_voucher_ix on dbo.inventtransposting (dataareaid, voucher, transdate);

alter table dbo.inventsettlement add primary key (recid);
create index inventsettlement_transrecid_ix on dbo.inventsettlement (transrecid);
create index inventsettlement_itemid_ix on dbo.inventsettlement (dataareaid, itemid, transdate);
create index inventsettlement_settletransid_ix on dbo.inventsettlement (dataareaid, settletransid);

alter table dbo.inventsite add primary key (recid);
create unique index inventsite_siteid_ux on dbo.inventsite (dataareaid, siteid);

alter table dbo.inventlocation add primary key (recid);
create unique index inventlocation_inventlocationid_ux on dbo.inventlocation (dataareaid, inventlocationid);


-- Retail: channels and their settings

alter table dbo.retailchanneltable add primary key (recid);
create unique index retailchanneltable_omoperatingunitid_ux on dbo.retailchanneltable (omoperatingunitid);

alter table dbo.retailstoretable add primary key (recid);
create unique index retailstoretable_storenumber_ux on dbo.retailstoretable (storenumber);

alter table dbo.retailterminaltable add primary key (terminalid);
create unique index retailterminaltable_recid_ux on dbo.retailterminaltable (recid);
create index retailterminaltable_storerecid_ix on dbo.retailterminaltable (storerecid);

alter table dbo.retailhardwareprofile add primary key (profileid);
create unique index retailhardwareprofile_recid_ux on dbo.retailhardwareprofile (recid);

alter table dbo.retailstafftable add primary key (recid);
create unique index retailstafftable_staffid_ux on dbo.retailstafftable (staffid);

alter table dbo.retailstoretendertypetable add primary key (channel, tendertypeid, dataareaid);
create unique index retailstoretendertypetable_recid_ux on dbo.retailstoretendertypetable (recid);

alter table dbo.retailsharedparameters add primary key (recid);
create unique index retailsharedparameters_key__ux on dbo.retailsharedparameters (key_);

alter table dbo.retailgiftcardtable add primary key (recid);
create unique index retailgiftcardtable_entryid_ux on dbo.retailgiftcardtable (dataareaid, entryid);

alter table dbo.retailgiftcardtransactions add primary key (recid);
create index retailgiftcardtransactions_cardnumber_ix on dbo.retailgiftcardtransactions (dataareaid, cardnumber, transdate);

alter table dbo.retailtransactionserviceprofile add primary key (recid);
create unique index retailtransactionserviceprofile_ux on dbo.retailtransactionserviceprofile (profileid);

alter table dbo.retailchannelprofile add primary key (recid);
create unique index retailchannelprofile_ux on dbo.retailchannelprofile (name);

alter table dbo.retailchannelprofileproperty add primary key (recid);
create unique index retailchannelprofileproperty_ux on dbo.retailchannelprofileproperty (channelprofile, key_);

alter table dbo.retailbuttongrid add primary key (recid);
create unique index retailbuttongrid_ux on dbo.retailbuttongrid (buttongridid);

alter table dbo.retailtilllayout add primary key (recid);
create unique index retailtilllayout_ux on dbo.retailtilllayout (layoutid);

alter table dbo.retailchannelreport add primary key (recid);
create unique index retailchannelreport_ux on dbo.retailchannelreport (reportid);


-- Retail: what real-time calls read and change

alter table dbo.hcmworker add primary key (recid);
create unique index hcmworker_personnelnumber_ux on dbo.hcmworker (personnelnumber);
create index hcmworker_person_ix on dbo.hcmworker (person);

alter table dbo.hcmpositionworkerassignment add primary key (recid);
create index hcmpositionworkerassignment_worker_ix on dbo.hcmpositionworkerassignment (worker);
create index hcmpositionworkerassignment_position_ix on dbo.hcmpositionworkerassignment (position);

alter table dbo.retailpositionpospermission add primary key (recid);
create unique index retailpositionpospermission_position_ux on dbo.retailpositionpospermission (position);

alter table dbo.diraddressbookparty add primary key (recid);
create unique index diraddressbookparty_addressbook_ux on dbo.diraddressbookparty (party, addressbook);
create index diraddressbookparty_addressbook_ix on dbo.diraddressbookparty (addressbook);

alter table dbo.retailstoreaddressbook add primary key (recid);
create index retailstoreaddressbook_storerecid_ix on dbo.retailstoreaddressbook (storerecid, addressbooktype);
create index retailstoreaddressbook_addressbook_ix on dbo.retailstoreaddressbook (addressbook);

alter table dbo.retailstaffloginlog add primary key (recid);
create index retailstaffloginlog_staffid_ix on dbo.retailstaffloginlog (staffid);
create index retailstaffloginlog_storeid_ix on dbo.retailstaffloginlog (storeid);

alter table dbo.retaildevice add primary key (recid);
create unique index retaildevice_deviceid_ux on dbo.retaildevice (deviceid);
create index retaildevice_terminal_ix on dbo.retaildevice (terminal);

alter table dbo.retailcreditvouchertable add primary key (recid);
create unique index retailcreditvouchertable_entryid_ux on dbo.retailcreditvouchertable (dataareaid, entryid);

alter table dbo.retailloyaltyrewardpoint add primary key (recid);
create unique index retailloyaltyrewardpoint_rewardpointid_ux on dbo.retailloyaltyrewardpoint (rewardpointid);

alter table dbo.retailloyaltycard add primary key (recid);
create unique index retailloyaltycard_cardnumber_ux on dbo.retailloyaltycard (cardnumber);
create index retailloyaltycard_party_ix on dbo.retailloyaltycard (party);

alter table dbo.retailloyaltycardrewardpointtrans add primary key (recid);
create index retailloyaltycardrewardpointtrans_cardnumber_ix on dbo.retailloyaltycardrewardpointtrans (cardnumber, rewardpoint);
create index retailloyaltycardrewardpointtrans_transactionid_ix on dbo.retailloyaltycardrewardpointtrans (transactionid);

alter table dbo.salestable add primary key (recid);
create unique index salestable_salesid_ux on dbo.salestable (dataareaid, salesid);
create index salestable_custaccount_ix on dbo.salestable (dataareaid, custaccount);
create index salestable_retailchanneltable_ix on dbo.salestable (retailchanneltable);


-- Retail: what stores upload

alter table dbo.retailtransactiontable add primary key (store, terminal, transactionid, channel, dataareaid);
create unique index retailtransactiontable_recid_ux on dbo.retailtransactiontable (recid);
create index retailtransactiontable_channel_ix on dbo.retailtransactiontable (channel);
create index retailtransactiontable_transdate_ix on dbo.retailtransactiontable (dataareaid, transdate, store);
create index retailtransactiontable_origin_ix on dbo.retailtransactiontable (origin, replicationcounterfromorigin);
create index retailtransactiontable_batchid_ix on dbo.retailtransactiontable (batchterminalid, batchid, channel);

alter table dbo.retailtransactionsalestrans add primary key (store, terminalid, transactionid, linenum, channel, dataareaid);
create unique index retailtransactionsalestrans_recid_ux on dbo.retailtransactionsalestrans (recid);
create index retailtransactionsalestrans_itemid_ix on dbo.retailtransactionsalestrans (dataareaid, itemid, transdate);
create index retailtransactionsalestrans_transdate_ix on dbo.retailtransactionsalestrans (dataareaid, transdate, store);

alter table dbo.retailtransactionpaymenttrans add primary key (store, terminal, transactionid, linenum, channel, dataareaid);
create unique index retailtransactionpaymenttrans_recid_ux on dbo.retailtransactionpaymenttrans (recid);
create index retailtransactionpaymenttrans_transdate_ix on dbo.retailtransactionpaymenttrans (dataareaid, transdate, store);

alter table dbo.retailtransactiontaxtrans add primary key (terminalid, storeid, transactionid, salelinenum, taxcode, channel, dataareaid);
create unique index retailtransactiontaxtrans_recid_ux on dbo.retailtransactiontaxtrans (recid);

alter table dbo.retailtransactiondiscounttrans add primary key (storeid, terminalid, transactionid, salelinenum, channel, linenum, dataareaid);
create unique index retailtransactiondiscounttrans_recid_ux on dbo.retailtransactiondiscounttrans (recid);

alter table dbo.retailposbatchtable add primary key (storeid, terminalid, batchid, dataareaid);
create unique index retailposbatchtable_recid_ux on dbo.retailposbatchtable (recid);
create index retailposbatchtable_channel_ix on dbo.retailposbatchtable (channel, startdate);


-- System

alter table dbo.numbersequencetable add primary key (recid);
create unique index numbersequencetable_numbersequence_ux on dbo.numbersequencetable (numbersequence, numbersequencescope);

alter table dbo.partitions add primary key (recid);
create unique index partitions_partitionkey_ux on dbo.partitions (partitionkey);

alter table dbo.dataarea add primary key (recid);
create unique index dataarea_id_ux on dbo.dataarea (id, partition);

alter table dbo.systemsequences add primary key (tabid, name, dataareaid);
create unique index systemsequences_recid_ux on dbo.systemsequences (recid);

alter table dbo.sysconfig add primary key (recid);
create unique index sysconfig_id_ux on dbo.sysconfig (configtype, id);

alter table dbo.sqlsystemvariables add primary key (parm);


-- Dropped by version N

alter table dbo.wmspallet add primary key (recid);
create unique index wmspallet_wmspalletid_ux on dbo.wmspallet (dataareaid, wmspalletid);

alter table dbo.emsmeter add primary key (recid);
create unique index emsmeter_meterid_ux on dbo.emsmeter (dataareaid, meterid);

alter table dbo.emsmeterreading add primary key (recid);
create index emsmeterreading_meter_ix on dbo.emsmeterreading (meter, readingdatetime);

alter table dbo.pbatable add primary key (recid);
create unique index pbatable_pbaid_ux on dbo.pbatable (dataareaid, pbaid);

alter table dbo.syncprojtable add primary key (recid);

alter table dbo.hcmpayrollline add primary key (recid);
create index hcmpayrollline_worker_ix on dbo.hcmpayrollline (worker);
