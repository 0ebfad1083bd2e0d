-- KEYS: an object. Answers its metadata record, or nothing.
return redis.call('HGET', KEYS[1], 'm')
