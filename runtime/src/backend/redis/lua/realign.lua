-- ARGV: the row, the checksum that it has or nothing, what is changed in it as JSON, what is taken out of it, and the columns in
-- their order.
local row = redis.call('HGET', KEYS[1], ARGV[1])
row = row and cjson.decode(row)
if not row or ARGV[2] ~= '' and row.checksum ~= ARGV[2] then return 0 end
for name, value in pairs(cjson.decode(ARGV[3])) do row[name] = value end
if row.rollback_started_at == 'now' then row.rollback_started_at = rfc3339(moment()) end
for name in string.gmatch(ARGV[4], '%S+') do row[name] = nil end
local members = {}
for n = 5, #ARGV do
  local value = row[ARGV[n]]
  if type(value) == 'number' then
    value = string.format('%.0f', value)
  elseif type(value) == 'table' then
    local items = {}
    for i, item in ipairs(value) do items[i] = cjson.encode(item) end
    value = '[' .. table.concat(items, ',') .. ']'
  elseif value ~= nil then
    value = cjson.encode(value)
  end
  if value then members[#members + 1] = '"' .. ARGV[n] .. '":' .. value end
end
redis.call('HSET', KEYS[1], ARGV[1], '{' .. table.concat(members, ',') .. '}')
return 1
