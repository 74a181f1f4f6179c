local function rows()
  local flat, found = redis.call('HGETALL', KEYS[1]), {}
  for n = 1, #flat, 2 do
    local fine, row = pcall(cjson.decode, flat[n + 1])
    if not fine or type(row) ~= 'table' or type(row.ordinal) ~= 'number' or type(row.checksum) ~= 'string' or
      flat[n] ~= table.concat({tostring(row.registry), tostring(row.id), tostring(row.database)}, '/') then
      return nil, redis.error_reply('BADROW the field ' .. flat[n] .. ' of ' .. KEYS[1] .. ' is not a row of a history')
    end
    local own = row.registry == 'whimbrel'
    if own or row.registry == ARGV[1] and row.database == ARGV[2] then found[#found + 1] = row end
  end
  table.sort(found, function(a, b)
    if a.ordinal ~= b.ordinal then return a.ordinal < b.ordinal end
    return a.id < b.id
  end)
  return found
end
