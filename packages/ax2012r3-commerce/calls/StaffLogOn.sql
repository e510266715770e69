-- title: signs a worker in
-- why: a worker who still has a password of N-1, or a temporary one, has to change it first
-- effect: write
-- password: check staffId password
-- parameter: staffId str 25
-- parameter: terminalId str 10
-- parameter: password str 256
-- returns: row
-- payload: staffId, nameOnReceipt, culture, employmentType, manager
-- error: AuthenticationFailed: the worker or the password is not known
-- error: AccountLocked: too many wrong passwords
-- error: ChangePasswordRequired: the password has to be changed first
-- error: AuthorizationFailed: the worker is blocked, or does not work in this store
-- error: UserLogOnAnotherTerminal: the worker is signed in elsewhere, and may not be twice
-- error: InvalidTerminal: the terminal is not one of the store
-- error: InvalidChannel: the channel or store is not the one that calls
select t.staffid, t.nameonreceipt, t.culturename, t.employmenttype, coalesce(p.manager, false)
from   hq_call.sign_in(:store, :staffId, :terminalId)
join   hq.retailstafftable t on t.staffid = :staffId
left   join hq_call.permission p on p.staff = t.staffid and p.store = :store
