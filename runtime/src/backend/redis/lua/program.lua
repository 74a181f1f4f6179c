-- KEYS: the lease, the history, the events. ARGV: the run, what it is at, and each task: its kind, how many words it has, its words.
-- Nothing is changed unless the run has the lease and the rows are as they have to be. The first command that fails ends it.
if redis.call('HGET', KEYS[1], 'run') ~= ARGV[1] then return {'lost'} end
for n, kind in ipairs({'hash', 'stream'}) do
  local is = redis.call('TYPE', KEYS[n + 1]).ok
  if is ~= kind and is ~= 'none' then return redis.error_reply('BADROW ' .. KEYS[n + 1] .. ' is a ' .. is .. ', not a ' .. kind) end
end
local tasks, at = {}, 3
while at <= #ARGV do
  local task = {kind = ARGV[at]}
  for n = 1, ARGV[at + 1] do task[n] = ARGV[at + 1 + n] end
  tasks[#tasks + 1] = task
  at = at + 2 + #task
end
for n, task in ipairs(tasks) do
  local is = task.kind == 'new' and redis.call('HEXISTS', task[2], task[3]) == 1
  if is or task.kind == 'one' and task[1] == 'HDEL' and redis.call('HEXISTS', task[2], task[3]) == 0 then return {'stale', n} end
end
-- Where nothing can be written this fails, before anything else is.
redis.call('HSET', KEYS[1], 'doing', ARGV[2])
redis.call('PEXPIRE', KEYS[1], 15000)
local function run(words)
  if string.upper(words[1]) ~= 'EVAL' then return redis.pcall(unpack(words)) end
  local chunk, wrong = loadstring('local KEYS, ARGV = ... ' .. string.gsub(words[2] or '', '^#![^\n]*', ''), '@script')
  if not chunk then return {err = 'ERR ' .. wrong} end
  local keys, arguments, count = {}, {}, tonumber(words[3]) or 0
  for n = 4, #words do
    if n - 3 <= count then keys[n - 3] = words[n] else arguments[n - 3 - count] = words[n] end
  end
  return chunk(keys, arguments)
end
local now
for n, task in ipairs(tasks) do
  if task.kind ~= 'do' and task[1] == 'HSETNX' then
    now = now or rfc3339(moment())
    task[4] = string.gsub(task[4], '^{"applied_at":"now"', '{"applied_at":"' .. now .. '"')
  end
  local fine, answer = pcall(run, task)
  if not fine then answer = type(answer) == 'table' and answer or {err = 'ERR ' .. tostring(answer)} end
  if type(answer) == 'table' and answer.err then return {'refused', n, answer.err} end
  if (task.kind == 'new' or task.kind == 'one') and answer ~= 1 then return {'stale', n} end
end
return {'done'}
