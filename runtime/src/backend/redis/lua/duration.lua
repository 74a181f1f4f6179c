-- KEYS: the history, the events. ARGV: the row, the run, the migration, and how long it took at least.
local row = redis.call('HGET', KEYS[1], ARGV[1])
if not row then return 0 end
local from, first, over = '+', nil, false
repeat
  local page = redis.call('XREVRANGE', KEYS[2], from, '-', 'COUNT', 100)
  for _, entry in ipairs(page) do
    local of = {}
    for n = 1, #entry[2], 2 do of[entry[2][n]] = entry[2][n + 1] end
    over = over or of.run ~= ARGV[2] or of.id ~= ARGV[3]
    if not over then first = tonumber(string.match(entry[1], '^%d+')) end
    from = '(' .. entry[1]
  end
until over or #page < 100
local took = tonumber(ARGV[4]) or 0
if first then
  local time = redis.call('TIME')
  took = math.max(took, time[1] * 1000 + math.floor(time[2] / 1000) - first)
end
row = string.gsub(row, '}$', ',"duration_ms":' .. string.format('%.0f', took) .. '}')
return redis.call('HSET', KEYS[1], ARGV[1], row)
