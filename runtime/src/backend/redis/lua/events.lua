-- With a third argument those of one migration since its last end.
local now, answer = moment(), {}
entries(function(of)
  if ARGV[3] and of.id ~= ARGV[3] then return end
  if ARGV[3] and (of.event == 'applied' or of.event == 'baselined' or of.event == 'rolled_back') then
    answer = {}
    return
  end
  answer[#answer + 1] = {of.sequence, rfc3339(of.at), of.id, of.database, of.run, of.event, of.direction,
    of.statement or false, of.statements or false, of.checksum or false, of.message or false, of.detail or false,
    of.actor or '', string.format('%.0f', math.max(0, now - of.at))}
end)
return answer
