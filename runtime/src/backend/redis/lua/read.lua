local function text(value)
  if value == nil or value == cjson.null then return false end
  if type(value) == 'number' then return string.format('%.0f', value) end
  if type(value) == 'table' then return #value > 0 and table.concat(value, '\30') end
  return tostring(value)
end
local found, wrong = rows()
if wrong then return wrong end
local answer = {}
for _, row in ipairs(found) do
  local cells = {}
  for n = 3, #ARGV do cells[n - 2] = text(row[ARGV[n]]) end
  answer[#answer + 1] = cells
end
local last, order = {}, {}
entries(function(of)
  if of.event == 'applied' or of.event == 'baselined' or of.event == 'rolled_back' then
    last[of.id] = of.event
    order[#order + 1] = of.id
  end
end)
for n = 1, #order do
  local id = order[n]
  if last[id] and last[id] ~= 'rolled_back' and redis.call('HEXISTS', KEYS[1], field(id)) == 0 then
    answer[#answer + 1] = {id}
  end
  last[id] = nil
end
return answer
