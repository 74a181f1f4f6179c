if redis.call('HGET', KEYS[1], 'run') ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], 15000)
