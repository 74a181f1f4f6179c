-- ARGV: the run, and how it is called: pid, host, user, application.
local held = redis.call('HMGET', KEYS[1], 'run', 'pid', 'application', 'user', 'host', 'since', 'doing')
if held[1] and held[1] ~= ARGV[1] then
  -- What somebody has made to last for ever runs out like any other.
  if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], 15000) end
  return {{'f', held[2], held[3], held[4], held[5], held[6], 'active', held[7],
    tostring(redis.call('PTTL', KEYS[1]))}}
end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'run', ARGV[1], 'pid', ARGV[2], 'host', ARGV[3], 'user', ARGV[4], 'application', ARGV[5],
  'since', rfc3339(moment()), 'doing', '')
redis.call('PEXPIRE', KEYS[1], 15000)
return {{'t'}}
