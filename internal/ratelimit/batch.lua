-- Decides and writes one batch of rate-limit operations; the same arithmetic as gcra.go.
-- KEYS: the buckets. ARGV: for each bucket its action bits (1 check, 2 spend, 4 reset, 8 refund), cost and window in
-- microseconds; then, in tests, the time in microseconds instead of this server's.
-- Returns: the time, 1 if the batch was vetoed, and each bucket's TAT beforehand (0 for none).
local n = #KEYS
local now = tonumber(ARGV[3 * n + 1])
if not now then
  local t = redis.call('TIME')
  now = t[1] * 1000000 + t[2]
end

local reply = {now, 0}
local writes = {}
for i = 1, n do
  local act = tonumber(ARGV[3 * i - 2])
  local cost = tonumber(ARGV[3 * i - 1])
  local tat = tonumber(redis.call('GET', KEYS[i]) or 0)
  local to = math.max(now, tat) + cost
  local room = to - ARGV[3 * i] <= now
  reply[i + 2] = tat
  if act % 2 >= 1 and not room then
    reply[2] = 1
  end
  if act % 8 >= 4 then
    writes[i] = 0
  elseif act % 16 >= 8 then
    writes[i] = math.max(tat - cost, now)
  elseif act % 4 >= 2 and room then
    writes[i] = to
  end
end
if reply[2] == 1 then
  return reply
end

for i, tat in pairs(writes) do
  if tat <= now then
    redis.call('DEL', KEYS[i])
  else
    -- A second beyond the moment the bucket is full: by then it means the same as no bucket. Redis writes the number
    -- tat with all its digits, and the short one as Lua would.
    redis.call('SET', KEYS[i], tat, 'PX', tostring(math.ceil((tat - now) / 1000) + 1000))
  end
end
return reply
