local held = redis.call('HMGET', KEYS[1], 'run', 'pid', 'application', 'user', 'host', 'since', 'doing')
if not held[1] then return {} end
return {{held[2], held[3], held[4], held[5], held[6], 'active', held[7], tostring(redis.call('PTTL', KEYS[1]))}}
