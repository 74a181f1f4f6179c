if redis.call('EXISTS', KEYS[1]) == 0 then return redis.error_reply('NOLEDGER there is no ' .. KEYS[1]) end
local found, wrong = rows()
if wrong then return wrong end
local format, lines, half = 0, {}, 0
for _, row in ipairs(found) do
  if row.registry == 'whimbrel' then
    format = math.max(format, row.ordinal)
  else
    lines[#lines + 1] = row.id .. ' ' .. row.checksum
    if row.rollback_started_at then half = half + 1 end
  end
end
return {{tostring(#lines), tostring(format), table.concat(lines, '\n'), tostring(half)}}
