local server, replication = redis.call('INFO', 'server'), redis.call('INFO', 'replication')
local valkey = string.match(server, 'valkey_version:([%w.]+)')
local name = valkey and 'Valkey ' .. valkey or 'Redis ' .. (string.match(server, 'redis_version:([%w.]+)') or '')
local reads = string.match(replication, 'role:slave') and string.match(replication, 'slave_read_only:1')
local time = redis.call('TIME')
return {{name, false, reads and 't' or 'f', false, string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))}}
