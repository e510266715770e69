-- id: DEP01
-- catalogue: 1010
-- section: deprecated
-- severity: warning
-- title: rows in tables of features that version N no longer has
-- why: these rows are not carried over; what still matters must be moved by hand
-- fix: export what must be kept, then empty the table; the space is saved in the copy and in version N
select t.relname as subject, x.n || ' rows' as detail, pg_total_relation_size(t.oid) as bytes
from   pg_class t
cross  join lateral (select (xpath('/row/n/text()', query_to_xml(format('select count(*) as n from %I.%I', current_schema(), t.relname), false, true, '')))[1]::text::bigint) x(n)
where  t.relnamespace = current_schema()::regnamespace and t.relkind in ('r', 'p') and x.n > 0
and    t.relname = any (string_to_array(regexp_replace('bankborderopaymtrans_br bankborderoreport_br bankborderotable_br bankfilearchfiletypetable bankfilearchparameters bankibslog_be bankibslogarchive_be
                bankstmtisodiscrepancy borderonumbersequencetable_br budgetplanmatrixfield custegiroftxanalyse custegiroparameters custegirosegmenttrans
                custeinvoicedatasource custeinvoicelines custeinvoicetable ecpcustsignup ecpparameters ecppresentation emsassignment emsconversion
                emsconversionflowrelation emsconversionline emsconversionprocessrelation emsdailyflow emsflow emsflowbudget emsinvoiceregisterflowrelation
                emsmapfilterprocess emsmapfiltersubstance emsmapfiltersubstancecategory emsmapposition emsmeter emsmeterflowrelation emsmeterreading emsparameter
                emsprocess emsprocessequityshare emsprocessmap emsprocessreference emsprocessrelation emspurchorderflowrelation emssubstance emssubstancecategory
                essactivitysite eusaleslistreportingamountsource eusaleslistreportinglineamount fbgiasetupparameters_br fbgiastsetupparameters_br
                fbsintegraparameters_br fbstageassetdepreciationtrans_br fbstagebundletask_br fbstagechangelog_br fbstageciapassettable_br
                fbstageciapfiscaldocumentline_br fbstagefiscaldocument_br fbstagefiscaldocumentcomplinfo_br fbstagefiscaldocumentinstallment_br
                fbstagefiscaldocumentline_br fbstagefiscaldocumentrefprocess_br fbstagefiscalreceipt_br fbstagefiscalreceiptline_br fbstageintegratedfiscaldocument_br
                fbstageinventbalance_br fbstagenonfiscaloperation_br fbstagenonfiscalopreferencedprocess_br fbstagenonfiscaloptaxtrans_br
                fbstagereferencedfiscaldocument_br fbstageretailzreport_br fbstageretailzreporttotalizer_br fbstageretailzreporttotalizertaxtrans_br
                fbstagetaxwithholdtrans_br fbstagevalidationlog_br fbstagevalidationmessagelog_br fbtaxstatement_br hcmemploymentbonus hcmemploymentinsurance
                hcmemploymentstockoption hcmgoaltype hcmgoaltypetemplate hcmincometaxcategory hcmincometaxcode hcminsurancetype hcmpayrollbasis hcmpayrollcategory
                hcmpayrolldeduction hcmpayrolldeductiontype hcmpayrollframe hcmpayrollframecategory hcmpayrollline hcmpayrollpension hcmpayrollpremium
                hcmpayrollscalelevel hcmremindertype hcmworkeraction hcmworkeractioncompempl hcmworkeractionemployment hcmworkeractionhire hcmworkeractionterminate
                hcmworkerreminder hcmworkertaxinfo hrmcomppayrollentity intrastatreportheader intrastatreportlines intrastatservicepoint_fi
                ledgerauditfiletransactionlog_nl ledgerbalancesheetdimfileformat ledgerbalcolumnsdim ledgerbalcolumnsdimquery ledgerbalheaderdim
                ledgerchartofaccountsstructure ledgerchecklistsetup_cn ledgergdpdufield ledgergdpdugroup ledgergdpdurelation ledgergdpdutable
                ledgergdpdutableselection ledgeropencloseterm_br ledgerrowdef ledgerrowdeferrorlog ledgerrowdefline ledgerrowdeflinecalc ledgerrrgedelimiters_w
                ledgerrrgehistorycompare_w ledgerrrgetempfiles_w ledgerxbrlproperties lvpaymentorderinfo lvpayordersubamount pbabomrouteoccurrence pbacustgroup
                pbadefault pbadefaultroute pbadefaultroutetable pbadefaultvar pbagraphicparameters pbagraphicparametersinterval pbagraphicparametersvariable pbagroup
                pbainventitemgroup pbalanguagetxt pbaparameters pbareusebomroute pbarule pbaruleaction pbaruleactionvalue pbaruleactionvaluecode
                pbaruleactionvaluecodeparm pbaruleclause pbaruleclauseset pbaruleclauseversion pbarulecodecompiled pbaruledebuggertable pbaruleline pbarulelinecode
                pbarulelinecodeparm pbarulelinesimple pbarulepbaid2consid pbaruletableconstraint pbaruletableconstraintcolumn pbaruletableconstraintref
                pbarulevariable pbarulevariableline pbatable pbatablegenerateitemid pbatablegenerateitemvariables pbatablegroup pbatableinstance pbatableprice
                pbatablepricecurrencysetup pbatablepricesetup pbatablepricesetupcode pbatablevariable pbatablevariabledefaultval pbatablevariableval pbatreebom
                pbatreecase pbatreecode pbatreedefault pbatreedocref pbatreefor pbatreeinfolog pbatreeinventdim pbatreenode pbatreeroute pbatreerouteopr pbatreesimpel
                pbatreeswitch pbatreetable pbatreetableselect pbatreetableval pbauserprofiles pbauserprofileuserrelation pbavariable pbavariableval pbavarpbaprofiles
                pbaversion plinventexternalforprocessing plinventjournalexternal plinventpackingslipextjour plinventpackingslipexttrans plinventsumexternal
                plinventtransexternal prodreceiptfinalizebatchworkitem projserverparameters projserversettings reqdemplanaccuracyforecast
                reqdemplanforecastssasparameters retailefdocumenttobeinquired_br syncactivitycategorylookup syncapp syncappcompany synccompanylookup
                synccompounddatatrans synccompounddependtrans synccompoundtrans synccompoundtype synccusttablelookup syncerrordatatrans synchierarchytreetable
                syncintegratedfields syncparameters syncprojactivityassignment syncprojdailytransaction syncprojgrouplookup syncprojinvoicetablelookup
                syncprojresource syncprojstatuslookup syncprojtable syncprojtransaction syncprojtypelookup syncsimpletrans syncsimpletype syncsimpletypekey
                syncsimpletypetable syncwrkctrtable sysmanagedcodeaccessspecifierinfo sysmanagedcodecodecommentinfo sysmanagedcodeexpression
                sysmanagedcodeexpressionmethodcallinfo sysmanagedcodeexpressionparameter sysmanagedcodeexpressionpropertycallinfo sysmanagedcodemethod
                sysmanagedcodemethodaccessspecifirinfo sysmanagedcodenamespace sysmanagedcodenamespaceimport sysmanagedcodeproperty
                sysmanagedcodepropertyaccessspecifirinfo sysmanagedcodestatement sysmanagedcodetype sysmanagedcodetypeaccessspecifirinfo sysmanagedcodevariable
                sysmanagedcodevariableaccessspecifirinfo taxedivatconfiguration taxedivaterrors taxedivatgeneral taxedivatreturnederrors taxexternalinvoice_cn
                taxexternalprojectinvoice taxexternalsalesinvoice_cn taxreportcodecalculation_cz taxreportxmlattribute_cz taxreportxmlelement_cz taxtexts_fi
                taxyearlycomsetupexclude_it trvcarrentalcharge trvdisputereasoncodemaster trvdisputes trvenhancedtaxinfo trvhotelcharge trvitinerarycharge
                trvtaxcharge tstimesheetlinecomments tutorialjournalname tutorialjournaltable tutorialjournaltrans vendinternalintracommunityinvoice
                vendoutpaymforparams_fi wmspallet wmspalletbillmaterial wmspallettype xbrltaxonomy xbrltaxonomyarc xbrltaxonomycomplextype
                xbrltaxonomycomplextypevalue xbrltaxonomyelement xbrltaxonomyelementvalue xbrltaxonomyextendedlink xbrltaxonomyfile xbrltaxonomylabelelement
                xbrltaxonomylines xbrltaxonomylocator xbrltaxonomyreferenceelement xbrltaxonomytable', '\s+', ' ', 'g'), ' '))
order  by bytes desc, subject
