-- Refuses the next renewal of replicas that do not acknowledge; their lease runs out.
-- KEYS: members. ARGV: replicas. Answers the ms left of each, 0 for one that is no member any more.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local left = {}
for i = 1, #ARGV do
  local field = 'r:' .. ARGV[i]
  local value = redis.call('HGET', KEYS[1], field)
  local ends = value and tonumber(string.match(value, '^(%d+)')) or 0
  if ends > now then
    redis.call('HSET', KEYS[1], field, string.format('%.0f', ends) .. '|out')
    left[i] = ends - now
  else
    left[i] = 0
  end
end

return left
