-- Sends the bodies of a file in turn, each caller with its own token, and prints what came of it as JSON.
local bodies, tokens, requests, at = {}, {}, {}, 0

function init(args)
  for line in io.lines(args[1]) do bodies[#bodies + 1] = line end
  for line in io.lines(args[2]) do tokens[#tokens + 1] = line end
  for i = 1, math.max(#bodies, #tokens) do
    requests[i] = wrk.format('POST', nil, {
      ['content-type'] = 'application/json',
      ['accept'] = 'application/graphql-response+json',
      ['authorization'] = 'Bearer ' .. tokens[(i - 1) % #tokens + 1],
    }, bodies[(i - 1) % #bodies + 1])
  end
end

-- Has each connection wait between two requests, at random and so long on average: customers come one by one.
local pause = tonumber(os.getenv('BENCH_PAUSE_MS') or '0')
if pause > 0 then
  function delay() return math.floor(-math.log(1 - math.random()) * pause + 0.5) end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"seconds":%f,"p50":%f,"p99":%f,"errors":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout
  ))
end
