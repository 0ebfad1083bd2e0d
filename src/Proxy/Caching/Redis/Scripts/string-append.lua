-- Appends to a string and has it kept from now on. In one step: were the connection to break between two commands, the string would be kept for ever.
-- KEYS[1]  the string
-- ARGV[1]  bytes
-- ARGV[2]  milliseconds
-- Returns its length.
local length = redis.call('APPEND', KEYS[1], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return length
