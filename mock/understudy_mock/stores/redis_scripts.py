"""What the Redis store has the server do, in Lua: each script is one step that no other client gets in between.

All keys are given, and share a hash tag, so that the scripts run on a cluster too. A document is a hash of its entries,
with its version under the empty name; beside it lies a list of its last changes, the newest first: version, token of
the commit, and the names of the entries it changed. Versions are written with `%.0f`, for Lua's numbers are doubles
and would be written as `1.7e+15`; up to 2^53 they are exact, which microseconds since the epoch reach in 2255.
"""

from __future__ import annotations

FETCH = """
local news = {}
for i = 1, #ARGV do
  local document, log, known = KEYS[2 * i - 1], KEYS[2 * i], ARGV[i]
  local version = redis.call('HGET', document, '') or '0'
  if version ~= known then
    local changed, is_known = {}, false
    if known ~= '0' and version ~= '0' then
      for _, packed in ipairs(redis.call('LRANGE', log, 0, -1)) do
        local change = cmsgpack.unpack(packed)
        if change[1] == known then is_known = true break end
        for _, name in ipairs(change[3]) do changed[name] = true end
      end
    end
    local told = {i, version, is_known and 0 or 1}
    if is_known then
      for name in pairs(changed) do
        told[#told + 1] = name
        told[#told + 1] = redis.call('HGET', document, name) or ''
      end
    else
      local all = redis.call('HGETALL', document)
      for j = 1, #all, 2 do
        if all[j] ~= '' then
          told[#told + 1] = all[j]
          told[#told + 1] = all[j + 1]
        end
      end
    end
    news[#news + 1] = told
  end
end
return news
"""
"""KEYS: hash and list of each document. ARGV: the version at hand of each.

Gives, for each document with news, its number, its version, whether this is all of it, and names and values in turn; an
entry that was taken away has an empty value.
"""

COMMIT = """
local document, log, sequence, used = unpack(KEYS)
local name, base, seen, token, lifetime = unpack(ARGV, 1, 5)
local version = redis.call('HGET', document, '') or '0'
if version ~= base then
  for _, packed in ipairs(redis.call('LRANGE', log, 0, -1)) do
    local change = cmsgpack.unpack(packed)
    if change[2] == token then return change[1] end
  end
  return ''
end
local time = redis.call('TIME')
local micros = time[1] * 1000000 + time[2]
local last = math.max(tonumber(redis.call('GET', sequence) or '0'), tonumber(seen), tonumber(base), micros)
local new = string.format('%.0f', last + 1)
if base == '0' then redis.call('DEL', document, log) end
local names = {}
for i = 6, #ARGV, 2 do
  names[#names + 1] = ARGV[i]
  if ARGV[i + 1] == '' then
    redis.call('HDEL', document, ARGV[i])
  else
    redis.call('HSET', document, ARGV[i], ARGV[i + 1])
  end
end
redis.call('HSET', document, '', new)
redis.call('SET', sequence, new)
redis.call('LPUSH', log, cmsgpack.pack({new, token, names}))
redis.call('LTRIM', log, 0, 63)
redis.call('ZADD', used, string.format('%.0f', micros), name)
if lifetime ~= '0' then
  redis.call('PEXPIRE', document, lifetime)
  redis.call('PEXPIRE', log, lifetime)
end
return new
"""
"""KEYS: hash and list of the document, the sequence of versions, the index by use.

ARGV: name, the version it was made from, the latest version that the client has seen, token of the commit, lifetime in
milliseconds (0 is for ever), and names and values in turn, an empty one for an entry that is taken away. Gives the new
version, or nothing if the document has another than the wanted. A commit that was made already, and whose answer got
lost, gives the version it was given then.
"""

TOUCH = """
local time = redis.call('TIME')
local micros = time[1] * 1000000 + time[2]
local lifetime = ARGV[1]
for i = 2, #ARGV, 2 do
  local document, log = KEYS[i], KEYS[i + 1]
  local used, score = micros - ARGV[i + 1] * 1000, redis.call('ZSCORE', KEYS[1], ARGV[i])
  if score and tonumber(score) < used then
    redis.call('ZADD', KEYS[1], string.format('%.0f', used), ARGV[i])
  end
  local rest = lifetime - ARGV[i + 1]
  if redis.call('PTTL', document) < rest then
    redis.call('PEXPIRE', document, string.format('%.0f', rest))
    redis.call('PEXPIRE', log, string.format('%.0f', rest))
  end
end
"""
"""KEYS: the index by use, then hash and list of each document. ARGV: lifetime, then name and milliseconds since use."""

LIVING = """
local living = {}
for i, name in ipairs(ARGV) do
  if redis.call('EXISTS', KEYS[i + 1]) == 1 then
    living[#living + 1] = name
  else
    redis.call('ZREM', KEYS[1], name)
  end
end
return living
"""
"""KEYS: the index by use, then the hash of each document. ARGV: their names. Drops from the index what has expired."""

FORGET = """
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('DEL', KEYS[2])
return redis.call('DEL', KEYS[1])
"""
"""KEYS: hash and list of the document, the index by use. ARGV: its name. Gives whether there was one."""
