-- Looks up objects and runs, and gives leases, in one step each (decision 0015). KEYS: the objects' hashes, in one slot where there are slots.
-- ARGV: replica, token for new epochs, milliseconds an idle hash is kept; then six for each key:
--   'o', age in milliseconds at which a record is too old (-1: none is), fence joined (0: none), '1' to be given the lease or wait for it, fence whose holder is gone (0: none), ''
--   'r', version tag, first slice, last slice, fence whose holder is gone (0: none), ''
-- Answers for each key a list:
--   {'U', epoch, now}                                             a write is under way, or its outcome is unknown
--   {'H', epoch, now, age, fence, generation, record}             metadata
--   {'G', epoch, now, fence, last, age, generation, record}       granted; for runs up to slice `last`; for objects with the record that is too old, if there is one
--   {'L', epoch, now, fence, holder, first, last}                 held by another replica
--   {'A', epoch, now}                                             what the origin told lately may not be shared: ask for yourself
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local replica, token, keep = ARGV[1], ARGV[2], tonumber(ARGV[3])

local function split(text)
    local parts = {}
    for part in string.gmatch(text, '[^|]+') do
        parts[#parts + 1] = part
    end
    return parts
end

local function read(key)
    local flat = redis.call('HGETALL', key)
    local fields = {}
    for i = 1, #flat, 2 do
        fields[flat[i]] = flat[i + 1]
    end
    return fields
end

local function is_uncertain(key, fields)
    local uncertain = fields.s and tonumber(fields.s) > now
    for name, value in pairs(fields) do
        if string.sub(name, 1, 2) == 'i:' then
            if tonumber(value) > now then
                uncertain = true
            else
                redis.call('HDEL', key, name)
            end
        end
    end
    return uncertain
end

local function extend(key)
    local left = redis.call('PTTL', key)
    if left < keep then
        redis.call('PEXPIRE', key, keep)
    end
end

local function look_object(key, fields, oldest, joined, wants, gone)
    if is_uncertain(key, fields) then
        return {'U', fields.e, now}
    end
    local age = fields.m and now - tonumber(fields.ma)
    local fence = fields.m and tonumber(fields.mf) or 0
    if fields.m and (oldest < 0 or age < oldest or (joined > 0 and fence >= joined)) then
        return {'H', fields.e, now, age, fence, fields.mg, fields.m}
    end
    if fields.n and tonumber(fields.n) > now then
        return {'A', fields.e, now}
    end
    local holder = fields.l and split(fields.l)
    if wants and holder and holder[2] ~= replica and tonumber(holder[1]) ~= gone then
        local waiters = fields.w or ''
        if not string.find(',' .. waiters .. ',', ',' .. replica .. ',', 1, true) then
            redis.call('HSET', key, 'w', waiters == '' and replica or waiters .. ',' .. replica)
        end
        return {'L', fields.e, now, tonumber(holder[1]), holder[2], 0, 0}
    end
    local given = redis.call('HINCRBY', key, 'f', 1)
    if wants then
        redis.call('HSET', key, 'l', given .. '|' .. replica)
    end
    return {'G', fields.e, now, given, 0, age or 0, fields.mg or '0', fields.m or ''}
end

local function look_run(key, fields, version, first, last, gone)
    for name, value in pairs(fields) do
        if string.sub(name, 1, 2) == 'r:' then
            local run = split(value)
            local fence, run_first, run_last = tonumber(string.sub(name, 3)), tonumber(run[2]), tonumber(run[3])
            if run[1] ~= version then
                -- Another version's: nobody who follows it is in the way.
            elseif run[4] == replica or fence == gone then
                if fence == gone then
                    redis.call('HDEL', key, name)
                end
            elseif run_first <= first and first <= run_last then
                return {'L', fields.e, now, fence, run[4], run_first, run_last}
            elseif run_first > first and run_first <= last then
                last = run_first - 1
            end
        end
    end
    local given = redis.call('HINCRBY', key, 'f', 1)
    redis.call('HSET', key, 'r:' .. given, version .. '|' .. first .. '|' .. last .. '|' .. replica)
    return {'G', fields.e, now, given, last, 0, '0', ''}
end

local answers = {}
for i, key in ipairs(KEYS) do
    local at = 3 + (i - 1) * 6
    local fields = read(key)
    if not fields.e then
        fields.e = token .. i
        redis.call('HSET', key, 'e', fields.e)
    end
    if ARGV[at + 1] == 'o' then
        answers[i] = look_object(key, fields, tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3]), ARGV[at + 4] == '1', tonumber(ARGV[at + 5]))
    else
        answers[i] = look_run(key, fields, ARGV[at + 2], tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4]), tonumber(ARGV[at + 5]))
    end
    if answers[i][1] ~= 'L' then
        extend(key)
    end
end
return answers
