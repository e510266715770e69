-- Keys and indexes of version N, built table by table after its load. Primary keys are the keys of the up lenses.

alter table hq.ledger add primary key (recid);
create unique index ledger_name_ux on hq.ledger (name);

alter table hq.mainaccount add primary key (recid);
create unique index mainaccount_mainaccountid_ux on hq.mainaccount (ledgerchartofaccounts, mainaccountid);

alter table hq.fiscalcalendarperiod add primary key (recid);
create index fiscalcalendarperiod_startdate_ix on hq.fiscalcalendarperiod (fiscalcalendar, startdate, type);

alter table hq.generaljournalentry add primary key (recid);
create index generaljournalentry_accountingdate_ix on hq.generaljournalentry (ledger, accountingdate);
create index generaljournalentry_fiscalcalendarperiod_ix on hq.generaljournalentry (fiscalcalendarperiod);
create index generaljournalentry_subledgervoucher_ix on hq.generaljournalentry (subledgervoucher, subledgervoucherdataareaid);

alter table hq.generaljournalaccountentry add primary key (recid);
create index generaljournalaccountentry_generaljournalentry_ix on hq.generaljournalaccountentry (generaljournalentry);
create index generaljournalaccountentry_ledgerdimension_ix on hq.generaljournalaccountentry (ledgerdimension);
create index generaljournalaccountentry_mainaccount_ix on hq.generaljournalaccountentry (mainaccount);

alter table hq.dimensionattributevaluecombination add primary key (recid);
create index dimensionattributevaluecombination_mainaccount_ix on hq.dimensionattributevaluecombination (mainaccount);
create index dimensionattributevaluecombination_displayvalue_ix on hq.dimensionattributevaluecombination (displayvalue);

alter table hq.subledgervouchergeneraljournalentry add primary key (recid);
create unique index subledgervouchergeneraljournalentry_voucher_ux on hq.subledgervouchergeneraljournalentry (voucher, voucherdataareaid, accountingdate, generaljournalentry);
create index subledgervouchergeneraljournalentry_generaljournalentry_ix on hq.subledgervouchergeneraljournalentry (generaljournalentry);

alter table hq.dirpartytable add primary key (recid);
create unique index dirpartytable_partynumber_ux on hq.dirpartytable (partynumber, partition);
create index dirpartytable_name_ix on hq.dirpartytable (name);

alter table hq.custtable add primary key (recid);
create unique index custtable_accountnum_ux on hq.custtable (dataareaid, accountnum);
create index custtable_party_ix on hq.custtable (party);

alter table hq.custtrans add primary key (recid);
create index custtrans_accountnum_ix on hq.custtrans (dataareaid, accountnum, transdate);
create index custtrans_voucher_ix on hq.custtrans (dataareaid, voucher, transdate);

alter table hq.custtransopen add primary key (recid);
create index custtransopen_refrecid_ix on hq.custtransopen (refrecid);
create index custtransopen_accountnum_ix on hq.custtransopen (dataareaid, accountnum, duedate);

alter table hq.custsettlement add primary key (recid);
create index custsettlement_transrecid_ix on hq.custsettlement (transrecid);
create index custsettlement_accountnum_ix on hq.custsettlement (dataareaid, accountnum);

alter table hq.vendtable add primary key (recid);
create unique index vendtable_accountnum_ux on hq.vendtable (dataareaid, accountnum);
create index vendtable_party_ix on hq.vendtable (party);

alter table hq.vendtrans add primary key (recid);
create index vendtrans_accountnum_ix on hq.vendtrans (dataareaid, accountnum, transdate);
create index vendtrans_voucher_ix on hq.vendtrans (dataareaid, voucher, transdate);

alter table hq.vendtransopen add primary key (recid);
create index vendtransopen_refrecid_ix on hq.vendtransopen (refrecid);
create index vendtransopen_accountnum_ix on hq.vendtransopen (dataareaid, accountnum, duedate);

alter table hq.vendsettlement add primary key (recid);
create index vendsettlement_transrecid_ix on hq.vendsettlement (transrecid);
create index vendsettlement_accountnum_ix on hq.vendsettlement (dataareaid, accountnum);

alter table hq.ecoresproduct add primary key (recid);
create unique index ecoresproduct_displayproductnumber_ux on hq.ecoresproduct (displayproductnumber);

alter table hq.ecoresproducttranslation add primary key (recid);
create unique index ecoresproducttranslation_product_ux on hq.ecoresproducttranslation (product, languageid);

alter table hq.inventtable add primary key (recid);
create unique index inventtable_itemid_ux on hq.inventtable (dataareaid, itemid);
create index inventtable_product_ix on hq.inventtable (product);

alter table hq.inventtablemodule add primary key (recid);
create unique index inventtablemodule_itemid_ux on hq.inventtablemodule (dataareaid, itemid, moduletype);

alter table hq.inventdim add primary key (dataareaid, inventdimid);
create unique index inventdim_recid_ux on hq.inventdim (recid);
create unique index inventdim_sha1hashhex_ux on hq.inventdim (partition, dataareaid, sha1hashhex);
create index inventdim_inventlocationid_ix on hq.inventdim (dataareaid, inventlocationid, wmslocationid);

alter table hq.retailinventdimsha1hashtablelegacy add primary key (dataareaid, inventdimid);
create unique index retailinventdimsha1hashtablelegacy_recid_ux on hq.retailinventdimsha1hashtablelegacy (recid);
create index retailinventdimsha1hashtablelegacy_survivorinventdimid_ix on hq.retailinventdimsha1hashtablelegacy (dataareaid, survivorinventdimid);

alter table hq.inventdimcombination add primary key (recid);
create index inventdimcombination_itemid_ix on hq.inventdimcombination (dataareaid, itemid, inventdimid);
create index inventdimcombination_distinctproductvariant_ix on hq.inventdimcombination (distinctproductvariant);

alter table hq.inventitembarcode add primary key (recid);
create index inventitembarcode_itembarcode_ix on hq.inventitembarcode (dataareaid, itembarcode);
create index inventitembarcode_itemid_ix on hq.inventitembarcode (dataareaid, itemid, inventdimid);

alter table hq.pricedisctable add primary key (recid);
create index pricedisctable_relation_ix on hq.pricedisctable (dataareaid, relation, itemcode, itemrelation, accountcode, accountrelation, currency);

alter table hq.inventtransorigin add primary key (recid);
create unique index inventtransorigin_inventtransid_ux on hq.inventtransorigin (dataareaid, inventtransid);

alter table hq.inventtrans add primary key (recid);
create index inventtrans_inventtransorigin_ix on hq.inventtrans (inventtransorigin);
create index inventtrans_itemid_ix on hq.inventtrans (dataareaid, itemid, inventdimid, statusissue, statusreceipt);
create index inventtrans_voucher_ix on hq.inventtrans (dataareaid, voucher);
create index inventtrans_datestatus_ix on hq.inventtrans (dataareaid, datestatus);

alter table hq.inventsum add primary key (dataareaid, itemid, inventdimid);
create unique index inventsum_recid_ux on hq.inventsum (recid);
create index inventsum_inventdimid_ix on hq.inventsum (dataareaid, inventdimid);
create index inventsum_inventlocationid_ix on hq.inventsum (dataareaid, itemid, inventsiteid, inventlocationid);

alter table hq.inventtransposting add primary key (recid);
create index inventtransposting_inventtransorigin_ix on hq.inventtransposting (inventtransorigin, inventtranspostingtype, transdate);
create index inventtransposting_voucher_ix on hq.inventtransposting (dataareaid, voucher, transdate);

alter table hq.inventsettlement add primary key (recid);
create index inventsettlement_transrecid_ix on hq.inventsettlement (transrecid);
create index inventsettlement_itemid_ix on hq.inventsettlement (dataareaid, itemid, transdate);

alter table hq.inventsite add primary key (recid);
create unique index inventsite_siteid_ux on hq.inventsite (dataareaid, siteid);

alter table hq.inventlocation add primary key (recid);
create unique index inventlocation_inventlocationid_ux on hq.inventlocation (dataareaid, inventlocationid);

alter table hq.retailchanneltable add primary key (recid);
create unique index retailchanneltable_omoperatingunitid_ux on hq.retailchanneltable (omoperatingunitid);
create unique index retailchanneltable_retailchannelid_ux on hq.retailchanneltable (retailchannelid);

alter table hq.retailstoretable add primary key (recid);
create unique index retailstoretable_storenumber_ux on hq.retailstoretable (storenumber);

alter table hq.retailterminaltable add primary key (terminalid);
create unique index retailterminaltable_recid_ux on hq.retailterminaltable (recid);

alter table hq.retailhardwareprofile add primary key (profileid);
create unique index retailhardwareprofile_recid_ux on hq.retailhardwareprofile (recid);

alter table hq.retailstafftable add primary key (recid);
create unique index retailstafftable_staffid_ux on hq.retailstafftable (staffid);

alter table hq.retailstoretendertypetable add primary key (channel, tendertypeid, dataareaid);
create unique index retailstoretendertypetable_recid_ux on hq.retailstoretendertypetable (recid);

alter table hq.retailtransactionserviceprofile add primary key (recid);
create unique index retailtransactionserviceprofile_ux on hq.retailtransactionserviceprofile (profileid);

alter table hq.retailchannelprofile add primary key (recid);
create unique index retailchannelprofile_ux on hq.retailchannelprofile (name);

alter table hq.retailchannelprofileproperty add primary key (recid);
create unique index retailchannelprofileproperty_ux on hq.retailchannelprofileproperty (channelprofile, key_);

alter table hq.retailbuttongrid add primary key (recid);
create unique index retailbuttongrid_ux on hq.retailbuttongrid (buttongridid);

alter table hq.retailtilllayoutlegacy add primary key (recid);
create unique index retailtilllayoutlegacy_ux on hq.retailtilllayoutlegacy (layoutid);

alter table hq.retailchannelreport add primary key (recid);
create unique index retailchannelreport_ux on hq.retailchannelreport (reportid);

alter table hq.retailsharedparameters add primary key (recid);
create unique index retailsharedparameters_key__ux on hq.retailsharedparameters (key_);

alter table hq.hcmworker add primary key (recid);
create unique index hcmworker_personnelnumber_ux on hq.hcmworker (personnelnumber);
create index hcmworker_person_ix on hq.hcmworker (person);

alter table hq.hcmpositionworkerassignment add primary key (recid);
create index hcmpositionworkerassignment_worker_ix on hq.hcmpositionworkerassignment (worker);
create index hcmpositionworkerassignment_position_ix on hq.hcmpositionworkerassignment (position);

alter table hq.retailpositionpospermission add primary key (recid);
create unique index retailpositionpospermission_position_ux on hq.retailpositionpospermission (position);

alter table hq.diraddressbookparty add primary key (recid);
create unique index diraddressbookparty_addressbook_ux on hq.diraddressbookparty (party, addressbook);
create index diraddressbookparty_addressbook_ix on hq.diraddressbookparty (addressbook);

alter table hq.retailstoreaddressbook add primary key (recid);
create index retailstoreaddressbook_storerecid_ix on hq.retailstoreaddressbook (storerecid, addressbooktype);
create index retailstoreaddressbook_addressbook_ix on hq.retailstoreaddressbook (addressbook);

alter table hq.retailstaffloginlog add primary key (recid);
create index retailstaffloginlog_staffid_ix on hq.retailstaffloginlog (staffid);
create index retailstaffloginlog_storeid_ix on hq.retailstaffloginlog (storeid);

alter table hq.retaildevice add primary key (recid);
create unique index retaildevice_deviceid_ux on hq.retaildevice (deviceid);
create index retaildevice_terminal_ix on hq.retaildevice (terminal);

alter table hq.retailcreditvouchertable add primary key (recid);
create unique index retailcreditvouchertable_entryid_ux on hq.retailcreditvouchertable (dataareaid, entryid);

alter table hq.retailloyaltyrewardpoint add primary key (recid);
create unique index retailloyaltyrewardpoint_rewardpointid_ux on hq.retailloyaltyrewardpoint (rewardpointid);

alter table hq.retailloyaltycard add primary key (recid);
create unique index retailloyaltycard_cardnumber_ux on hq.retailloyaltycard (cardnumber);
create index retailloyaltycard_party_ix on hq.retailloyaltycard (party);

alter table hq.retailloyaltycardrewardpointtrans add primary key (recid);
create index retailloyaltycardrewardpointtrans_cardnumber_ix on hq.retailloyaltycardrewardpointtrans (cardnumber, rewardpoint);
create index retailloyaltycardrewardpointtrans_transactionid_ix on hq.retailloyaltycardrewardpointtrans (transactionid);

alter table hq.salestable add primary key (recid);
create unique index salestable_salesid_ux on hq.salestable (dataareaid, salesid);
create index salestable_custaccount_ix on hq.salestable (dataareaid, custaccount);
create index salestable_retailchanneltable_ix on hq.salestable (retailchanneltable);

alter table hq.retailtransactiontable add primary key (channel, store, terminal, transactionid, dataareaid);
create unique index retailtransactiontable_recid_ux on hq.retailtransactiontable (recid);
create index retailtransactiontable_transdate_ix on hq.retailtransactiontable (dataareaid, transdate, store);
create index retailtransactiontable_origin_ix on hq.retailtransactiontable (origin, replicationcounterfromorigin);
create index retailtransactiontable_batchid_ix on hq.retailtransactiontable (channel, batchterminalid, batchid);

alter table hq.retailtransactionsalestrans add primary key (channel, store, terminalid, transactionid, linenum, dataareaid);
create unique index retailtransactionsalestrans_recid_ux on hq.retailtransactionsalestrans (recid);
create index retailtransactionsalestrans_itemid_ix on hq.retailtransactionsalestrans (dataareaid, itemid, transdate);
create index retailtransactionsalestrans_transdate_ix on hq.retailtransactionsalestrans (dataareaid, transdate, store);

alter table hq.retailtransactionpaymenttrans add primary key (channel, store, terminal, transactionid, linenum, dataareaid);
create unique index retailtransactionpaymenttrans_recid_ux on hq.retailtransactionpaymenttrans (recid);
create index retailtransactionpaymenttrans_transdate_ix on hq.retailtransactionpaymenttrans (dataareaid, transdate, store);

alter table hq.retailtransactiontaxtrans add primary key (channel, storeid, terminalid, transactionid, salelinenum, taxcode, dataareaid);
create unique index retailtransactiontaxtrans_recid_ux on hq.retailtransactiontaxtrans (recid);

alter table hq.retailtransactiondiscounttrans add primary key (channel, storeid, terminalid, transactionid, salelinenum, linenum, dataareaid);
create unique index retailtransactiondiscounttrans_recid_ux on hq.retailtransactiondiscounttrans (recid);

alter table hq.retailgiftcardtable add primary key (recid);
create unique index retailgiftcardtable_entryid_ux on hq.retailgiftcardtable (dataareaid, entryid);

alter table hq.retailgiftcardtransactions add primary key (recid);
create index retailgiftcardtransactions_cardnumber_ix on hq.retailgiftcardtransactions (dataareaid, cardnumber, transdate);

alter table hq.retailposbatchtable add primary key (storeid, terminalid, batchid, dataareaid);
create unique index retailposbatchtable_recid_ux on hq.retailposbatchtable (recid);
create index retailposbatchtable_channel_ix on hq.retailposbatchtable (channel, startdate);

alter table hq.numbersequencetable add primary key (recid);
create unique index numbersequencetable_numbersequence_ux on hq.numbersequencetable (numbersequence, numbersequencescope);

alter table hq.partitions add primary key (recid);
create unique index partitions_partitionkey_ux on hq.partitions (partitionkey);

alter table hq.dataarea add primary key (recid);
create unique index dataarea_id_ux on hq.dataarea (id, partition);

alter table hq.systemsequences add primary key (tabid, name, dataareaid);
create unique index systemsequences_recid_ux on hq.systemsequences (recid);
