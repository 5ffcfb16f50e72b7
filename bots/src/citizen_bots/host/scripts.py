"""Steps on Valkey that must happen whole or not at all. Keys share one hash tag, so a cluster keeps them together.

A message in the outbox is kept as `not before|message`, the moment in milliseconds: until then whoever delivered what
it answers may still hand the answer over.
"""

TAKE = """
-- seen, inbox, ready, due, blocked, away, why · entry, seconds seen, seconds kept, now, who
-- Who writes listens again, and what waited for them may go. Returns: is it new, is the gateway away.
redis.call('DEL', KEYS[5])
if redis.call('DEL', KEYS[7]) == 1 then redis.call('ZADD', KEYS[4], 'XX', ARGV[4], ARGV[5]) end
local away = redis.call('EXISTS', KEYS[6])
if not redis.call('SET', KEYS[1], '', 'NX', 'EX', ARGV[2]) then return {0, away} end
redis.call('RPUSH', KEYS[2], ARGV[1])
redis.call('EXPIRE', KEYS[2], ARGV[3])
redis.call('ZADD', KEYS[3], 'NX', ARGV[4], ARGV[5])
return {1, away}
"""

BEGIN = """
-- lease, inbox, state · token, milliseconds, most entries
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return false end
return {redis.call('LRANGE', KEYS[2], 0, ARGV[3] - 1), redis.call('GET', KEYS[3]) or ''}
"""

COMMIT = """
-- lease, inbox, state, tries, outbox, ready, due, away, seen … · token, state, seconds kept, now, held until, who,
-- entries, answer, most entries, message …
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return false end
redis.call('LTRIM', KEYS[2], ARGV[7], -1)
redis.call('SET', KEYS[3], ARGV[2], 'EX', ARGV[3])
redis.call('DEL', KEYS[4], KEYS[8])
local due = ARGV[4]
for i = 9, #KEYS do
  if redis.call('GET', KEYS[i]) == '' then
    redis.call('SET', KEYS[i], i == #KEYS and ARGV[8] or '[]', 'KEEPTTL')
    if i == #KEYS then due = ARGV[5] end
  end
end
if #ARGV > 9 then
  for i = 10, #ARGV do redis.call('RPUSH', KEYS[5], due .. '|' .. ARGV[i]) end
  redis.call('EXPIRE', KEYS[5], ARGV[3])
  redis.call('ZADD', KEYS[7], 'NX', due, ARGV[6])
end
local rest = redis.call('LRANGE', KEYS[2], 0, ARGV[9] - 1)
if #rest == 0 then
  redis.call('DEL', KEYS[1])
  redis.call('ZREM', KEYS[6], ARGV[6])
end
return {due == ARGV[5] and 1 or 0, rest}
"""

REST = """
-- lease, ready, inbox, outbox, due, seen · token, until, who, now, held until, answer, seconds kept, message …
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return false end
redis.call('DEL', KEYS[1])
if redis.call('LLEN', KEYS[3]) == 0 then
  redis.call('ZREM', KEYS[2], ARGV[3])
else
  redis.call('ZADD', KEYS[2], ARGV[2], ARGV[3])
end
local due = ARGV[4]
if #ARGV > 7 then
  if redis.call('GET', KEYS[6]) == '' then
    redis.call('SET', KEYS[6], ARGV[6], 'KEEPTTL')
    due = ARGV[5]
  end
  for i = 8, #ARGV do redis.call('RPUSH', KEYS[4], due .. '|' .. ARGV[i]) end
  redis.call('EXPIRE', KEYS[4], ARGV[7])
  redis.call('ZADD', KEYS[5], 'NX', due, ARGV[3])
end
return due
"""

RENEW = """
-- lease · token, milliseconds
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
"""

LATER = """
-- seen · mark; return the answer there is, or mark that whoever waited went away
local answer = redis.call('GET', KEYS[1])
if answer == '' then redis.call('SET', KEYS[1], ARGV[1], 'KEEPTTL') return ARGV[1] end
return answer
"""

TAKEN = """
-- outbox, due · update, messages, who, now
local left = tonumber(ARGV[2])
for _, item in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
  if left > 0 and cjson.decode(string.match(item, '^%d+|(.*)$'))['update'] == ARGV[1] then
    redis.call('LREM', KEYS[1], 1, item)
    left = left - 1
  end
end
if redis.call('LLEN', KEYS[1]) == 0 then
  redis.call('ZREM', KEYS[2], ARGV[3])
  return 0
end
redis.call('ZADD', KEYS[2], 'XX', ARGV[4], ARGV[3])
return 1
"""

POST = """
-- outbox, due, posted · message, seconds kept, due, who, seconds posted; a message of an id is posted once
if not redis.call('SET', KEYS[3], '1', 'NX', 'EX', ARGV[5]) then return 0 end
redis.call('RPUSH', KEYS[1], ARGV[3] .. '|' .. ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[2])
redis.call('ZADD', KEYS[2], 'NX', ARGV[3], ARGV[4])
return 1
"""

LEASE_OUTBOX = """
-- lease, outbox · token, milliseconds; return the first item, and take no lease where there is none
local head = redis.call('LINDEX', KEYS[2], 0)
if not head or not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return false end
return head
"""

SETTLE = """
-- lease, outbox, due, why · token, item, who
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return false end
if redis.call('LINDEX', KEYS[2], 0) == ARGV[2] then redis.call('LPOP', KEYS[2]) end
redis.call('DEL', KEYS[4])
local head = redis.call('LINDEX', KEYS[2], 0)
if head then return head end
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[3], ARGV[3])
return false
"""

PUT_OFF = """
-- lease, due, why · token, until, who, reason, seconds kept
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('ZADD', KEYS[2], ARGV[2], ARGV[3])
redis.call('SET', KEYS[3], ARGV[4], 'EX', ARGV[5])
return 1
"""

HEAR = """
-- news, queue, told · news, seconds told, seconds kept, due, who; what was told is told once
if not redis.call('SET', KEYS[3], '1', 'NX', 'EX', ARGV[2]) then return 0 end
redis.call('RPUSH', KEYS[1], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('ZADD', KEYS[2], 'NX', ARGV[4], ARGV[5])
return 1
"""

PROCLAIM = """
-- news, queue, outbox, due · first news, how many, message, now, who, seconds kept, when the rest is due
if redis.call('LINDEX', KEYS[1], 0) ~= ARGV[1] then return 0 end
redis.call('LTRIM', KEYS[1], ARGV[2], -1)
if redis.call('LLEN', KEYS[1]) == 0 then
  redis.call('ZREM', KEYS[2], ARGV[5])
else
  redis.call('ZADD', KEYS[2], ARGV[7], ARGV[5])
end
redis.call('RPUSH', KEYS[3], ARGV[4] .. '|' .. ARGV[3])
redis.call('EXPIRE', KEYS[3], ARGV[6])
redis.call('ZADD', KEYS[4], 'NX', ARGV[4], ARGV[5])
return 1
"""
