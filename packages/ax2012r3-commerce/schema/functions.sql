-- Helpers of the lenses: immutable, so that they can be indexed and give the same answer on every evaluation.

create extension if not exists pgcrypto schema public;
create schema if not exists hq;
create schema if not exists hq_fn;

-- What an inventory dimension is in version N: its 14 dimensions, separated by a character that no id contains.
create or replace function hq_fn.inventdim_identity(
    configid text, inventbatchid text, inventcolorid text, inventgtdid_ru text,
    inventlocationid text, inventownerid_ru text, inventprofileid_ru text, inventserialid text,
    inventsiteid text, inventsizeid text, inventstatusid text, inventstyleid text,
    licenseplateid text, wmslocationid text)
returns text
language sql immutable parallel safe
return configid || E'\x1f' || inventbatchid || E'\x1f' || inventcolorid || E'\x1f' || inventgtdid_ru || E'\x1f'
    || inventlocationid || E'\x1f' || inventownerid_ru || E'\x1f' || inventprofileid_ru || E'\x1f' || inventserialid || E'\x1f'
    || inventsiteid || E'\x1f' || inventsizeid || E'\x1f' || inventstatusid || E'\x1f' || inventstyleid || E'\x1f'
    || licenseplateid || E'\x1f' || wmslocationid;

-- The unique hash of a dimension: SHA-1 of its identity, in hex.
create or replace function hq_fn.inventdim_sha1hashhex(identity text) returns text
language sql immutable strict parallel safe
return encode(public.digest(identity, 'sha1'), 'hex');

-- AX names time zones as Windows does; PostgreSQL knows the names of the tz database. Unknown ones are taken for UTC.
create or replace function hq_fn.timezone_name(windowsid text) returns text
language sql immutable parallel safe
return case windowsid
    when 'Dateline Standard Time'          then 'Etc/GMT+12'
    when 'UTC-11'                          then 'Etc/GMT+11'
    when 'Hawaiian Standard Time'          then 'Pacific/Honolulu'
    when 'Alaskan Standard Time'           then 'America/Anchorage'
    when 'Pacific Standard Time'           then 'America/Los_Angeles'
    when 'US Mountain Standard Time'       then 'America/Phoenix'
    when 'Mountain Standard Time'          then 'America/Denver'
    when 'Central America Standard Time'   then 'America/Guatemala'
    when 'Central Standard Time'           then 'America/Chicago'
    when 'Central Standard Time (Mexico)'  then 'America/Mexico_City'
    when 'Canada Central Standard Time'    then 'America/Regina'
    when 'SA Pacific Standard Time'        then 'America/Bogota'
    when 'Eastern Standard Time'           then 'America/New_York'
    when 'US Eastern Standard Time'        then 'America/Indiana/Indianapolis'
    when 'Atlantic Standard Time'          then 'America/Halifax'
    when 'Newfoundland Standard Time'      then 'America/St_Johns'
    when 'E. South America Standard Time'  then 'America/Sao_Paulo'
    when 'Argentina Standard Time'         then 'America/Argentina/Buenos_Aires'
    when 'Pacific SA Standard Time'        then 'America/Santiago'
    when 'Azores Standard Time'            then 'Atlantic/Azores'
    when 'Cape Verde Standard Time'        then 'Atlantic/Cape_Verde'
    when 'Greenwich Standard Time'         then 'Atlantic/Reykjavik'
    when 'GMT Standard Time'               then 'Europe/London'
    when 'Morocco Standard Time'           then 'Africa/Casablanca'
    when 'W. Europe Standard Time'         then 'Europe/Berlin'
    when 'Central Europe Standard Time'    then 'Europe/Budapest'
    when 'Central European Standard Time'  then 'Europe/Warsaw'
    when 'Romance Standard Time'           then 'Europe/Paris'
    when 'W. Central Africa Standard Time' then 'Africa/Lagos'
    when 'GTB Standard Time'               then 'Europe/Bucharest'
    when 'FLE Standard Time'               then 'Europe/Kiev'
    when 'E. Europe Standard Time'         then 'Europe/Chisinau'
    when 'Egypt Standard Time'             then 'Africa/Cairo'
    when 'South Africa Standard Time'      then 'Africa/Johannesburg'
    when 'Israel Standard Time'            then 'Asia/Jerusalem'
    when 'Turkey Standard Time'            then 'Europe/Istanbul'
    when 'Arabic Standard Time'            then 'Asia/Baghdad'
    when 'Arab Standard Time'              then 'Asia/Riyadh'
    when 'E. Africa Standard Time'         then 'Africa/Nairobi'
    when 'Russian Standard Time'           then 'Europe/Moscow'
    when 'Iran Standard Time'              then 'Asia/Tehran'
    when 'Arabian Standard Time'           then 'Asia/Dubai'
    when 'Caucasus Standard Time'          then 'Asia/Yerevan'
    when 'Pakistan Standard Time'          then 'Asia/Karachi'
    when 'India Standard Time'             then 'Asia/Kolkata'
    when 'Bangladesh Standard Time'        then 'Asia/Dhaka'
    when 'SE Asia Standard Time'           then 'Asia/Bangkok'
    when 'China Standard Time'             then 'Asia/Shanghai'
    when 'Singapore Standard Time'         then 'Asia/Singapore'
    when 'W. Australia Standard Time'      then 'Australia/Perth'
    when 'Taipei Standard Time'            then 'Asia/Taipei'
    when 'Tokyo Standard Time'             then 'Asia/Tokyo'
    when 'Korea Standard Time'             then 'Asia/Seoul'
    when 'Cen. Australia Standard Time'    then 'Australia/Adelaide'
    when 'AUS Central Standard Time'       then 'Australia/Darwin'
    when 'E. Australia Standard Time'      then 'Australia/Brisbane'
    when 'AUS Eastern Standard Time'       then 'Australia/Sydney'
    when 'New Zealand Standard Time'       then 'Pacific/Auckland'
    else 'UTC'
    end;

-- A local point in time as UTC, both without a zone, as AX stores them.
create or replace function hq_fn.utc(local timestamp, windowsid text) returns timestamp
language sql immutable parallel safe
return local at time zone hq_fn.timezone_name(windowsid) at time zone 'UTC';
