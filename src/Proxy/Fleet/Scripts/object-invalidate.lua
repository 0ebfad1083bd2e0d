-- Makes what is kept of objects void and wakes who waits for it; records that a write is under way, goes on, or is over.
-- KEYS: objects. ARGV: begin, renew, end or raise; write; ms that its intent counts, and that the objects are kept at least;
-- ms that they are suspect, 0 for not; token of the new epoch; replica; begin of the names of replicas' channels; tag of each object.
-- Answers for each object 1 when the intent of the write was there, else 0.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local mode, write, life, suspect, token, replica, channel = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5], ARGV[6], ARGV[7]
local first_tag = 7

local function wake(lease, waiters, tag)
  local fence = lease and string.match(lease, '^(%d+)|') or '0'
  for waiter in string.gmatch(waiters, '[^,]+') do
    redis.call('PUBLISH', channel .. waiter, '1|W|' .. replica .. '|' .. tag .. '|I|' .. fence .. '|')
  end
end

-- True when the intent of this write counts. Those of others that do not are removed.
local function look(key, state)
  local fields = redis.call('HGETALL', key)
  local had = false
  for i = 1, #fields, 2 do
    local name, value = fields[i], fields[i + 1]
    state[name] = value
    if string.sub(name, 1, 2) == 'i:' then
      local counts = tonumber(value) > now
      if name == 'i:' .. write then
        had = counts
      elseif not counts then
        redis.call('HDEL', key, name)
      end
    end
  end

  return had
end

local answers = {}
for i, key in ipairs(KEYS) do
  local state = {}
  local had = look(key, state)
  answers[i] = had and 1 or 0
  if mode ~= 'renew' or not had then
    redis.call('HSET', key, 'e', token)
    redis.call('HDEL', key, 'm', 'ma', 'mf', 'mv', 'mg', 'l', 'n', 'w')
    if state['w'] then
      wake(state['l'], state['w'], ARGV[first_tag + i])
    end
  end

  if mode == 'begin' or mode == 'renew' then
    redis.call('HSET', key, 'i:' .. write, string.format('%.0f', now + life))
  elseif write ~= '' then
    redis.call('HDEL', key, 'i:' .. write)
  end

  if suspect > 0 then
    redis.call('HSET', key, 's', string.format('%.0f', math.max(now + suspect, tonumber(state['s'] or '0'))))
  end

  if redis.call('PTTL', key) < math.max(life, suspect) then
    redis.call('PEXPIRE', key, string.format('%.0f', math.max(life, suspect)))
  end
end

return answers
