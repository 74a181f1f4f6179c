for _, key in ipairs(KEYS) do
  if redis.call('EXISTS', key) == 0 then return redis.error_reply('NOLEDGER there is no ' .. key) end
end
local function entries(take)
  local from, sequence = '-', 0
  repeat
    local page = redis.call('XRANGE', KEYS[2], from, '+', 'COUNT', 500)
    for _, entry in ipairs(page) do
      sequence = sequence + 1
      local of = {sequence = tostring(sequence), at = tonumber(string.match(entry[1], '^%d+'))}
      for n = 1, #entry[2], 2 do of[entry[2][n]] = entry[2][n + 1] end
      if of.registry == ARGV[1] and of.database == ARGV[2] then take(of) end
      from = '(' .. entry[1]
    end
  until #page < 500
end
local function field(id)
  return ARGV[1] .. '/' .. id .. '/' .. ARGV[2]
end
