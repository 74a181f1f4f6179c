if redis.call('EXISTS', KEYS[1]) == 0 then return redis.error_reply('NOLEDGER there is no ' .. KEYS[1]) end
local found, wrong = rows()
if wrong then return wrong end
local format, lines = 0, {}
for _, row in ipairs(found) do
  if row.registry == 'whimbrel' then
    format = math.max(format, row.ordinal)
  else
    lines[#lines + 1] = row.id .. ' ' .. row.checksum
  end
end
return {{tostring(#lines), tostring(format), table.concat(lines, '\n')}}
