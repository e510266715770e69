-- N-1 stores need these settings of the new headquarters to understand what it sends them.
update hq.retailsharedparameters
set    tspasswordencryption = 'SHA256'
where  tspasswordencryption = '';

update hq.retailsharedparameters
set    devicetokenalgorithm = 'AES'
where  devicetokenalgorithm = '';

-- One partition is left; its key is the one version N expects.
update hq.partitions
set    partitionkey = 'initial'
where  (select count(*) from hq.partitions) = 1
and    partitionkey <> 'initial';
