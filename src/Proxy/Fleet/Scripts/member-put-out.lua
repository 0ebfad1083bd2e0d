-- Refuses the next renewal of replicas that do not acknowledge; their lease runs out.
-- KEYS: members. ARGV: incarnation, replicas. Answers the ms left of each; 0 for one that is no member any more, -1 when the members were forgotten meanwhile.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local gone = redis.call('HGET', KEYS[1], 'inc') == ARGV[1] and 0 or -1
local left = {}
for i = 2, #ARGV do
  local field = 'r:' .. ARGV[i]
  local value = redis.call('HGET', KEYS[1], field)
  local ends = value and tonumber(string.match(value, '^(%d+)')) or 0
  if ends > now then
    redis.call('HSET', KEYS[1], field, string.format('%.0f', ends) .. '|out')
    left[i - 1] = ends - now
  else
    left[i - 1] = gone
  end
end

return left
