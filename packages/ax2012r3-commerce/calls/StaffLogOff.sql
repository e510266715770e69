-- title: signs a worker out
-- why: also one who is not signed in
-- effect: write
-- parameter: staffId str 25
-- parameter: terminalId str 10
-- returns: nothing
select hq_call.sign_out(:store, :staffId, :terminalId)
