-- KEYS: members. Answers {incarnation, how often a replica has joined, {replica, ms left, 1 if it was put out, ...}}, of those whose lease is not over.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local members = {}
local incarnation, joins = '', '0'
local fields = redis.call('HGETALL', KEYS[1])
for i = 1, #fields, 2 do
  if string.sub(fields[i], 1, 2) == 'r:' then
    local ends, out = string.match(fields[i + 1], '^(%d+)(|?)')
    if tonumber(ends) > now then
      members[#members + 1] = string.sub(fields[i], 3)
      members[#members + 1] = tonumber(ends) - now
      members[#members + 1] = out == '' and 0 or 1
    end
  elseif fields[i] == 'j' then
    joins = fields[i + 1]
  elseif fields[i] == 'inc' then
    incarnation = fields[i + 1]
  end
end

return { incarnation, joins, members }
