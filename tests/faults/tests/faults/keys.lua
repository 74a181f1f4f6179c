local lines = {}
local function sorted(pairs_of)
  table.sort(pairs_of)
  return table.concat(pairs_of, ' ')
end
local function fields(key, flat)
  local found = {}
  for n = 1, #flat, 2 do
    local value = flat[n + 1]
    if key == '{whimbrel}:history' then
      local row, columns = cjson.decode(value), {}
      row.applied_at, row.duration_ms = nil, nil
      for name, cell in pairs(row) do columns[#columns + 1] = name .. '=' .. cjson.encode(cell) end
      value = sorted(columns)
    end
    found[#found + 1] = flat[n] .. ': ' .. value
  end
  return sorted(found)
end
for _, key in ipairs(redis.call('KEYS', '*')) do
  local kind, value = redis.call('TYPE', key).ok, ''
  if kind == 'string' then
    value = redis.call('GET', key)
  elseif kind == 'hash' then
    value = fields(key, redis.call('HGETALL', key))
  elseif kind == 'list' then
    value = table.concat(redis.call('LRANGE', key, 0, -1), ', ')
  elseif kind == 'set' then
    value = sorted(redis.call('SMEMBERS', key))
  elseif kind == 'stream' then
    for _, entry in ipairs(redis.call('XRANGE', key, '-', '+')) do
      local of = {}
      for n = 1, #entry[2], 2 do of[entry[2][n]] = entry[2][n + 1] end
      if of.event == 'applied' then value = value .. ' ' .. of.id end
    end
  end
  local left = redis.call('PTTL', key) > 0 and 'for some time' or 'for ever'
  lines[#lines + 1] = table.concat({kind, key, left, value}, ' ')
end
return lines
