-- Drops what is known of an object, and bars every fetch that began before. KEYS[1]: the object's hash.
-- ARGV: token for the new epoch, version tag it must be of ('': any).
local version = redis.call('HGET', KEYS[1], 'mv')
if not version and ARGV[2] ~= '' or version and ARGV[2] ~= '' and version ~= ARGV[2] then
    return 0
end
if redis.call('EXISTS', KEYS[1]) == 0 then
    return 0
end
redis.call('HSET', KEYS[1], 'e', ARGV[1])
return redis.call('HDEL', KEYS[1], 'm', 'ma', 'mf', 'mv', 'mg', 'n')
