-- What each rule of the package finds, planted into a sample source: one section for each rule. Rules without a section
-- find something in the sample as it is, or share the tables of another rule.
drop schema workload cascade;
set search_path = dbo;

-- AIF01
create table aifchannel (channelid text, adapterclassid int, direction int);
create table utilidelements (id int, name text);
insert into utilidelements values (1, 'AifFileSystemAdapter'), (2, 'AifWcfNetTcpAdapter'), (3, 'AifWcfMsmqAdapter');
insert into aifchannel values ('out', 1, 2), ('in', 1, 1), ('tcp', 2, 1), ('queue', 3, 1);

-- CAM01
create table camdatax (instancerelationtype bigint);

-- CLN05
create table aifmessagelog (messageid text, createddatetime timestamp);
create table aifdocumentlog (messageid text, documentxml text);
insert into aifmessagelog values ('M1', '2001-01-01'), ('M2', now());
insert into aifdocumentlog values ('M1', 'x'), ('M2', 'x');

-- CLN06
create table jmgtermreg (recid bigint, regdatetime timestamp);
insert into jmgtermreg values (1, '2001-01-01'), (2, now()), (3, now() + interval '1 year');

-- CLN07
create table batchjob (recid bigint, status int);
create table batch (recid bigint, batchjobid bigint);
create table batchjobalerts (recid bigint, batchjobid bigint);
insert into batchjob values (1, 4), (2, 1);
insert into batch values (1, 1), (2, 2);
insert into batchjobalerts values (1, 1);

-- CLN08
create table bomcalctable (transdate timestamp);
create table bomcalctrans (transdate timestamp);
insert into bomcalctable values ('2001-01-01'), (now());
insert into bomcalctrans values ('2001-01-01');

-- CLN09
create table workcalendardate (transdate timestamp);
insert into workcalendardate values ('2001-01-01');

-- CLN10
create table sysdatabaselog (createddatetime timestamp);
insert into sysdatabaselog values ('2001-01-01');

-- CLN11
create table hrmabsencetable (status int);
insert into hrmabsencetable values (0), (2);

-- CLN12
create table projjournaltable (journalid text, posted int);
create table projjournaltrans (journalid text);
create table projbegbaljournaltrans_costsales (journalid text);
create table projbegbaljournaltrans_fee (journalid text);
create table projbegbaljournaltrans_onacc (journalid text);
insert into projjournaltable values ('J1', 1);
insert into projjournaltrans values ('J1');

-- CLN13
create table salesquotationtable (quotationid text, quotationtype int, quotationstatus int);
create table salesquotationline (quotationid text);
insert into salesquotationtable values ('Q1', 1, 0);
insert into salesquotationline values ('Q1');

-- CLN14
create table inventsumlogtts (iscommitted int, utccreateddatetime timestamp);
insert into inventsumlogtts select 1, '2001-01-01' from generate_series(1, 25);
insert into inventsumlogtts values (0, '2001-01-01'), (1, now());

-- CLN15
create table prodtable (prodid text, dataareaid text, prodstatus int, realdate timestamp);
create table prodjournaltable (journalid text, prodid text, posted int, dataareaid text);
create table prodjournalbom (journalid text, dataareaid text);
create table prodjournalprod (journalid text, dataareaid text);
create table prodjournalroute (journalid text, dataareaid text);
insert into prodtable values ('P1', 'usrt', 7, '2001-01-01');
insert into prodjournaltable values ('PJ1', 'P1', 1, 'usrt');
insert into prodjournalbom values ('PJ1', 'usrt');

-- CLN16
create table prodbom (prodid text, dataareaid text);
create table prodroute (prodid text, dataareaid text);
create table prodroutejob (prodid text, dataareaid text);
create table wrkctrcapres (refid text, reftype int, dataareaid text);
create table prodcalctrans (transrefid text, transreftype int, dataareaid text);
insert into prodbom values ('P1', 'usrt');

-- CLN17
create table purchparmtable (parmid text, dataareaid text, parmjobstatus int);
create table purchparmline (parmid text, dataareaid text);
create table purchparmsubtable (parmid text, dataareaid text);
create table purchparmupdate (parmid text, dataareaid text);
insert into purchparmtable values ('P1', 'usrt', 0);
insert into purchparmline values ('P1', 'usrt');

-- CLN18
create table smmtranslog (logdatetime timestamp);
insert into smmtranslog values ('2001-01-01');

-- CLN19
create table salesorderentrystatistics (recid bigint);
insert into salesorderentrystatistics values (1);

-- CLN20
create table salesparmtable (parmid text, dataareaid text, parmjobstatus int);
create table salesparmline (parmid text, dataareaid text);
create table salesparmsubtable (parmid text, dataareaid text);
create table salesparmupdate (parmid text, dataareaid text);
insert into salesparmtable values ('P1', 'usrt', 0);
insert into salesparmline values ('P1', 'usrt');

-- CLN21
create table systracetablesql (recid bigint);
create table systracetablesqlexecplan (recid bigint);
create table systracetablesqltabref (recid bigint);
insert into systracetablesql values (1);

-- CLN22
create table jmgtermregarchive (regdatetime timestamp);
insert into jmgtermregarchive values ('2001-01-01');

-- CLN24
create table whsinventreserve (inventdimid text, dataareaid text, partition bigint, availordered numeric, availphysical numeric, reservordered numeric, reservphysical numeric);
insert into whsinventreserve values ('W1', 'usrt', 5637144576, 0, 0, 0, 0);

-- CLN25
insert into whsinventreserve select inventdimid, dataareaid, partition, 0, 0, 0, 0 from inventsum where closed = 1 limit 1;

-- COL01
insert into inventlocation (inventlocationid, dataareaid, recid) select lower(inventlocationid) || ' ', dataareaid, 777 from inventlocation order by recid limit 1;

-- CTR01
alter table dirpartytable add column if not exists organizationtype int not null default 1;
create table dirpartypostaladdressview as select recid as party, 'SWE'::text as countryregionid, 1 as isprimary from dirpartytable limit 1;
update dirpartytable set organizationtype = 1 where recid = (select party from dirpartypostaladdressview);

-- DBS02
create table dead (i int);
insert into dead select generate_series(1, 1000);
delete from dead where i > 10;

-- DEP02
create table epwebsiteparameters (internalurl text);
insert into epwebsiteparameters values ('http://portal');

-- DIM03
alter table inventdim add inventmoondimid varchar(10);

-- DIM04
update inventdim set sha1hash = '' where recid = (select min(recid) from inventdim);

-- DIM05
alter table inventdim alter inventsiteid type varchar(20);
insert into inventdim (inventdimid, inventsiteid, dataareaid, recid, sha1hash) values ('CUT1', 'ABCDEFGHIJ1', 'usrt', 991, '\x01'), ('CUT2', 'ABCDEFGHIJ2', 'usrt', 992, '\x02');

-- DMF01
create table dmfdefinitiongroup (recid bigint);
create table dmfdefinitiongroupexecution (recid bigint);
create table dmfstaginglog (recid bigint);
insert into dmfstaginglog values (1);

-- DOC01
create table docuref (typeid text, refcompanyid text);
create table docutype (typeid text, dataareaid text, fileplace int);
insert into docutype values ('File', 'usrt', 0), ('Site', 'usrt', 3);
insert into docuref values ('File', 'usrt'), ('Site', 'usrt');

-- DUP01
create table resourcesetup (recid bigint, dataareaid text, partition bigint);
insert into resourcesetup values (1, 'usrt', 1), (2, 'usrt', 1);

-- DUP02
create table inventdistinctproduct (recid bigint, product bigint);
insert into inventdistinctproduct values (1, 7), (2, 7);

-- DUP03
create table retailsalesline (saleslineidx bigint);
insert into retailsalesline values (5), (5);

-- ENC02
create table sysemailsmtppassword (password text);
insert into sysemailsmtppassword values ('x');

-- ENM01
create table casecategoryrole (recid bigint, role int);
insert into casecategoryrole values (1, 9);

-- ENV02
create table sysmodelmanifest (recid bigint, versionmajor int, versionminor int, versionbuildno int, versionrevision int);
create table sysmodelelementdata (modelid bigint, modelelement bigint);
create table sysmodelelement (recid bigint, elementtype int, name text);
insert into sysmodelmanifest values (1, 6, 3, 164, 0);
insert into sysmodelelementdata values (1, 1);
insert into sysmodelelement values (1, 13, 'applBuildNo');

-- ENV04
create table eventrule (recid bigint);
insert into eventrule values (1);

-- FIN01
create table custinvoicetrans (invoiceid text, salesid text, invoicedate timestamp, dataareaid text);
insert into custinvoicetrans values ('F1', '', now(), 'usrt'), ('S1', 'SO1', now(), 'usrt');

-- FIN02
create table tstimesheetline (modifieddatetime timestamp);
insert into tstimesheetline values (now());

-- FIN03
create table trvexptrans (modifieddatetime timestamp);
insert into trvexptrans values (now());

-- FIN04
create table projtransposting (projtransdate timestamp);
insert into projtransposting values (now());

-- FIN05
create table vendinvoicetrans (invoicedate timestamp, dataareaid text);
insert into vendinvoicetrans values (now(), 'usrt');

-- FIN07
create table ledgerjournaltrans (journalnum text, transdate timestamp, dataareaid text);
insert into ledgerjournaltrans values ('LJ1', now(), 'usrt');

-- FIN09
create table dimensionattribute (name text, viewname text);
insert into dimensionattribute values ('Moon', 'DimAttributeMoon');

-- ICO01
create table intercompanytradingrelation (active int);
insert into intercompanytradingrelation values (1);

-- INV01
create table inventclosing (dataareaid text, start_ int, end_ int, executed timestamp);
insert into inventclosing values ('usrt', 0, 7200, now());

-- LOG01
create table databaselog (logtable int);
insert into databaselog values (65525);

-- MNT01
update sqlsystemvariables set value = 1 where parm = 'CONFIGURATIONMODE';

-- MOD01
create table model (id int, layerid int);
create table modelmanifest (id int, name text);
create table layer (id int, name text);
insert into layer values (1, 'ISV');
insert into model values (1, 1);
insert into modelmanifest values (1, 'MRO');

-- ORP02
create table ledgerjournaltrans_asset (assetid text, company text);
create table assettable (assetid text, dataareaid text);
insert into ledgerjournaltrans_asset values ('A1', 'usrt');

-- PAR01
insert into partitions (partitionkey, name, recid) values ('second', 'Second', 77);

-- PLN01
create table reqlog (reqplanid text, dataareaid text, startdatetime timestamp, enddatetime timestamp);
insert into reqlog values ('Static', 'usrt', '2024-01-01', '2024-01-01 02:00');

-- SES01
create table sysclientsessions (recid bigint);
insert into sysclientsessions values (1);

-- TMP01
create table ledgerperiodclosetemplatetasktmp (recid bigint);
insert into ledgerperiodclosetemplatetasktmp values (1);

-- TMS01
create table whsloadtable (loaddirection int);
insert into whsloadtable values (1), (2);

-- VIR01
update dataarea set isvirtual = 1 where id = (select min(id) from dataarea);

-- WHS01
update inventlocation set whsenabled = 1 where recid = (select min(recid) from inventlocation);

-- WHS02
create table whsrfmenuitemtable (dataareaid text);
insert into whsrfmenuitemtable values ('usrt');
