local count = tonumber(ARGV[1])
if redis.call('GET', KEYS[1]) ~= (count == 1 and ARGV[2]) then return 0 end
