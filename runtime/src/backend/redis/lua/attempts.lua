local last, order = {}, {}
entries(function(of)
  if not last[of.id] then order[#order + 1] = of.id end
  last[of.id] = of
end)
local answer = {}
for _, id in ipairs(order) do
  local of = last[id]
  local is = of.event == 'started' or of.event == 'statement' or of.event == 'failed'
  if is and redis.call('HEXISTS', KEYS[1], field(id)) == 0 then
    answer[#answer + 1] = {id, of.database, of.event, rfc3339(of.at), of.statement or false, of.statements or false,
      of.message or false}
  end
end
return answer
