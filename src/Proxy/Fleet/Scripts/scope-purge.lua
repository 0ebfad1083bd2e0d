-- Records made before do not count in the scope any more.
-- KEYS: members. ARGV: scope, bound on the scopes. Answers {generation, scope as it was recorded}.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local generation = math.max((tonumber(redis.call('HGET', KEYS[1], 'g')) or 0) + 1, now)
local scope = ARGV[1]

local scopes = {}
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if string.sub(field, 1, 2) == 'p:' then
    scopes[#scopes + 1] = field
  end
end

if redis.call('HEXISTS', KEYS[1], 'p:' .. scope) == 0 and #scopes >= tonumber(ARGV[2]) then
  scope = '[]'
end

if scope == '[]' then
  -- What all is purged of needs no scope of its own.
  for i = 1, #scopes do
    redis.call('HDEL', KEYS[1], scopes[i])
  end
end

local text = string.format('%.0f', generation)
redis.call('HSET', KEYS[1], 'g', text, 'p:' .. scope, text)
return { generation, scope }
