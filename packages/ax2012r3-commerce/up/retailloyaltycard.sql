-- key: recid
select t.cardnumber,
       t.cardtendertype,
       t.party,
       0::bigint as replacementcard,
       0::bigint as omoperatingunitid,
       timestamp '1900-01-01' as loyaltyenrollmentdate,
       timestamp '1900-01-01' as loyaltyblockeddate,
       0 as loyaltyenrollmenttime,
       timestamp '1900-01-01' as loyaltyenrollmentdatelocal,
       0 as loyaltyenrollmenttimelocal,
       t.recversion,
       t.partition,
       t.recid
from old.retailloyaltycard t
