-- One budget: the moment at which it would be full again, in microseconds since 1970, by Redis's own
-- clock, which all instances share.
-- KEYS[1] the budget; ARGV[1] microseconds a request takes up; ARGV[2] requests in a full budget.
-- Returns: taken (1, 0), requests left, microseconds until one fits in, microseconds until it is full.
local interval = tonumber(ARGV[1])
local capacity = interval * tonumber(ARGV[2])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local full_at = tonumber(redis.call('GET', KEYS[1])) or now
if full_at < now then
  full_at = now
end
-- A rate that was lowered, or a clock that was set back, must not lock anybody out for longer than a period.
if full_at > now + capacity then
  full_at = now + capacity
end
local after = full_at + interval
if after > now + capacity then
  return { 0, 0, after - capacity - now, full_at - now }
end
redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', math.ceil((after - now) / 1000))
return { 1, math.floor((capacity - (after - now)) / interval), 0, after - now }
