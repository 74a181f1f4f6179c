-- ARGV: how many words were read, those, and then each command: how many words it has, its words.
local at = count + 2
while at <= #ARGV do
  local words = {}
  for n = 1, ARGV[at] do words[n] = ARGV[at + n] end
  redis.call(unpack(words))
  at = at + 1 + #words
end
return 1
