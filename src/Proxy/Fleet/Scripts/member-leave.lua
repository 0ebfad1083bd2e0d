-- KEYS: members. ARGV: replica. Nobody waits for it any more.
return redis.call('HDEL', KEYS[1], 'r:' .. ARGV[1])
