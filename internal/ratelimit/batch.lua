-- Decides and writes one batch of rate-limit operations; the same arithmetic as gcra.go.
-- KEYS: the buckets. ARGV: the time in microseconds, or '' for this server's; then for each bucket
-- its action bits (1 check, 2 spend, 4 reset, 8 refund), cost and window in microseconds.
-- Returns: the time, 1 if the batch was vetoed, and each bucket's TAT beforehand (0 for none).
local now
if ARGV[1] == '' then
  local t = redis.call('TIME')
  now = tonumber(t[1]) * 1000000 + tonumber(t[2])
else
  now = tonumber(ARGV[1])
end

local held = redis.call('MGET', unpack(KEYS))
local reply = {now, 0}
local writes = {}
for i = 1, #KEYS do
  local act = tonumber(ARGV[3 * i - 1])
  local cost = tonumber(ARGV[3 * i])
  local window = tonumber(ARGV[3 * i + 1])
  local tat = tonumber(held[i] or '0')
  local from = math.max(now, tat)
  local room = from + cost - window <= now
  reply[i + 2] = tat
  if act % 2 >= 1 and not room then
    reply[2] = 1
  end
  if act % 8 >= 4 then
    writes[i] = 0
  elseif act % 16 >= 8 then
    writes[i] = math.max(tat - cost, now)
  elseif act % 4 >= 2 and room then
    writes[i] = from + cost
  end
end
if reply[2] == 1 then
  return reply
end

for i = 1, #KEYS do
  local tat = writes[i]
  if tat and tat <= now then
    redis.call('DEL', KEYS[i])
  elseif tat then
    -- A second beyond the moment the bucket is full: by then it means the same as no bucket.
    local ttl = math.ceil((tat - now) / 1000) + 1000
    redis.call('SET', KEYS[i], string.format('%.0f', tat), 'PX', string.format('%.0f', ttl))
  end
end
return reply
