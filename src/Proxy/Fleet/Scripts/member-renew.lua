-- Renews a replica's membership, or has it join; sweeps members whose lease is over.
-- KEYS: members. ARGV: replica, lease in ms, 1 to join, incarnation and generation that the replica knows, token for a new incarnation.
-- Answers {0} when the replica must join again, else {1, incarnation, generation, {replica, ms left, ...}, {scope, generation, ...}}.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local replica, lease, joins, known = ARGV[1], tonumber(ARGV[2]), ARGV[3] == '1', ARGV[4]
local generation_known = tonumber(ARGV[5])

local incarnation, generation, own
local members, purges, over = {}, {}, {}
local fields = redis.call('HGETALL', KEYS[1])
for i = 1, #fields, 2 do
  local kind, name, value = string.sub(fields[i], 1, 2), string.sub(fields[i], 3), fields[i + 1]
  if fields[i] == 'inc' then
    incarnation = value
  elseif fields[i] == 'g' then
    generation = tonumber(value)
  elseif kind == 'p:' then
    purges[#purges + 1] = { name, tonumber(value) }
  elseif kind == 'r:' then
    local ends, out = string.match(value, '^(%d+)(|?)')
    if tonumber(ends) <= now then
      over[#over + 1] = fields[i]
    elseif name == replica then
      own = out == ''
    else
      members[#members + 1] = name
      members[#members + 1] = tonumber(ends) - now
    end
  end
end

if not joins and (not own or incarnation ~= known) then
  return { 0 }
end

if not incarnation then
  incarnation = ARGV[6]
  redis.call('HSET', KEYS[1], 'inc', incarnation)
end

if not generation then
  -- Begins at the time, so that no generation of before a flush looks later.
  generation = now
  redis.call('HSET', KEYS[1], 'g', string.format('%.0f', generation))
end

for i = 1, #over do
  redis.call('HDEL', KEYS[1], over[i])
end

if joins then
  redis.call('HINCRBY', KEYS[1], 'j', 1)
end

redis.call('HSET', KEYS[1], 'r:' .. replica, string.format('%.0f', now + lease))
members[#members + 1] = replica
members[#members + 1] = lease

local news = {}
for i = 1, #purges do
  if joins or purges[i][2] > generation_known then
    news[#news + 1] = purges[i][1]
    news[#news + 1] = purges[i][2]
  end
end

return { 1, incarnation, generation, members, news }
