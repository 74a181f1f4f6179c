local count = tonumber(ARGV[1])
if redis.call('HLEN', KEYS[1]) * 2 ~= count then return 0 end
for n = 2, count, 2 do
  if redis.call('HGET', KEYS[1], ARGV[n]) ~= ARGV[n + 1] then return 0 end
end
