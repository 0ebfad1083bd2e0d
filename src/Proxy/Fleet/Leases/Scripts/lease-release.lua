-- Ends leases without metadata. KEYS[1]: the object's hash.
-- ARGV: replica, fence (0: whatever lease of the object this replica has), 'r' for a run, '?' to be told only whether that of a run is there, 'o' for the object; for objects then: 'F' when the holder failed (one heir is woken) or 'C' when everybody may ask for itself,
--   milliseconds for which answers may not be shared (0: none), the object's tag, what precedes the name of a replica in the name of its channel.
local key, replica, fence = KEYS[1], ARGV[1], ARGV[2]
if ARGV[3] == '?' then
    return redis.call('HEXISTS', key, 'r:' .. fence)
end

if ARGV[3] == 'r' then
    return redis.call('HDEL', key, 'r:' .. fence)
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local alone = tonumber(ARGV[5])
if alone > 0 and redis.call('EXISTS', key) == 1 then
    redis.call('HSET', key, 'n', now + alone)
end

local lease, waiters = unpack(redis.call('HMGET', key, 'l', 'w'))
local is_ours = lease and (string.sub(lease, 1, #fence + 1) == fence .. '|' or fence == '0' and string.sub(lease, -#replica - 1) == '|' .. replica)
if not is_ours then
    return 0
end

redis.call('HDEL', key, 'l', 'w')
local heir, all = '', {}
for waiter in string.gmatch(waiters or '', '[^,]+') do
    all[#all + 1] = waiter
    if ARGV[4] == 'F' and heir == '' then
        heir = waiter
    end
end
if #all > 1 and ARGV[4] == 'F' then
    redis.call('HSET', key, 'w', table.concat(all, ',', 2))
end

-- All hear of it; with an heir the others know whom they wait for now.
for _, waiter in ipairs(all) do
    redis.call('PUBLISH', ARGV[7] .. waiter, '1|W|' .. replica .. '|' .. ARGV[6] .. '|' .. ARGV[4] .. '|' .. fence .. '|' .. heir)
end
return 1
