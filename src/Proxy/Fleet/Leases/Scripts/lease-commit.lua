-- Commits what the origin told of an object, and ends the object's lease. KEYS[1]: the object's hash.
-- ARGV: replica, epoch, fence, when the fence was given, record, version tag, scope generation, first and last slice of the run that goes on (-1: none),
--   milliseconds an idle hash is kept, the object's tag, what precedes the name of a replica in the name of its channel.
-- Answers 'ok', or why it was refused: 'epoch' (invalidated meanwhile, or forgotten), 'intent' (a write is under way or unknown), 'fence' (something later is there).
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local key, replica, fence = KEYS[1], ARGV[1], tonumber(ARGV[3])
local verdict = 'ok'
local epoch, known, lease, waiters = unpack(redis.call('HMGET', key, 'e', 'mf', 'l', 'w'))
if epoch ~= ARGV[2] then
    verdict = 'epoch'
elseif known and tonumber(known) >= fence then
    verdict = 'fence'
else
    local flat = redis.call('HGETALL', key)
    for i = 1, #flat, 2 do
        local name = flat[i]
        if (name == 's' or string.sub(name, 1, 2) == 'i:') and tonumber(flat[i + 1]) > now then
            verdict = 'intent'
        end
    end
end

if verdict == 'ok' then
    redis.call('HSET', key, 'm', ARGV[5], 'ma', ARGV[4], 'mf', fence, 'mv', ARGV[6], 'mg', ARGV[7])
    redis.call('HDEL', key, 'n')
end

-- Bytes are a version's whatever became of the metadata.
if epoch and tonumber(ARGV[8]) >= 0 then
    redis.call('HSET', key, 'r:' .. fence, ARGV[6] .. '|' .. ARGV[8] .. '|' .. ARGV[9] .. '|' .. replica)
end

local is_ours = lease and string.sub(lease, 1, #tostring(fence) + 1) == fence .. '|'
if is_ours then
    redis.call('HDEL', key, 'l')
end

-- Also those hear of it who now wait for a lease that this replica was given later: what is there may do.
if is_ours or verdict == 'ok' then
    redis.call('HDEL', key, 'w')
    for waiter in string.gmatch(waiters or '', '[^,]+') do
        redis.call('PUBLISH', ARGV[12] .. waiter, '1|W|' .. replica .. '|' .. ARGV[11] .. '|C|' .. fence .. '|')
    end
end

if redis.call('PTTL', key) < tonumber(ARGV[10]) then
    redis.call('PEXPIRE', key, ARGV[10])
end
return verdict
