-- What wrk asks, given as arguments after "--", and what it found out as a line of JSON.

function init(args)
  wrk.method = args[1]
  wrk.headers["authorization"] = "Bearer " .. args[2]
  if args[3] then
    wrk.body = args[3]
    wrk.headers["content-type"] = "application/json"
  end
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format(
    '\n{"count":%d,"failed":%d,"lastedUs":%d,"p50Us":%f,"p99Us":%f}\n',
    summary.requests, failed, summary.duration, latency:percentile(50), latency:percentile(99)))
end
