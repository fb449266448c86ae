import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

/** What came of loading a candidate for a while. */
export interface Load {
  requests: number;
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Answers that were not 2xx, and requests that failed. */
  errors: number;
  /** CPU time of the candidate for 1,000 requests, in ms. */
  cpuMs: number;
  /** The most memory that the candidate was seen to hold. */
  rssMb: number;
}

/** How a candidate is loaded. */
export interface Pressure {
  seconds: number;
  connections: number;
  /** How long a connection waits between two requests, on average; not at all unless given. */
  pauseMs?: number;
  /** The second unless given. */
  processor?: number;
}

const run = promisify(execFile);
const SCRIPT = new URL('load.lua', import.meta.url).pathname;
const TICK_MS = 10;
const PAGE_KB = 4;
const LOOK_MS = 200;

/** CPU time that a process has used so far, in ms (proc(5)). */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** Memory that a process holds, in MB (proc(5)). */
export const rssOf = (pid: number): number =>
  (Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE_KB) / 1024;

/** Looks at a process until it is told to stop. Returns the most memory that it has seen. */
function watchRss(pid: number): () => number {
  let most = rssOf(pid);
  const timer = setInterval(() => (most = Math.max(most, rssOf(pid))), LOOK_MS);
  return () => {
    clearInterval(timer);
    return most;
  };
}

/** Loads a URL by wrk, which shares a processor with the vendors unless said otherwise, and measures the process that answers. */
export async function load(
  { url, pid }: { url: string; pid: number },
  files: { bodies: string; tokens: string },
  { seconds, connections, pauseMs = 0, processor = 1 }: Pressure,
): Promise<Load> {
  const [cpu, most] = [cpuOf(pid), watchRss(pid)];
  const wrk = ['wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', SCRIPT, url];
  const env = { ...process.env, BENCH_PAUSE_MS: String(pauseMs) };
  const { stdout } = await run(
    'taskset',
    ['-c', String(processor), ...wrk, '--', files.bodies, files.tokens],
    { env },
  );
  const told = JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<
    'requests' | 'seconds' | 'p50' | 'p99' | 'errors',
    number
  >;
  return {
    requests: told.requests,
    perSecond: told.requests / told.seconds,
    p50Ms: told.p50,
    p99Ms: told.p99,
    errors: told.errors,
    cpuMs: ((cpuOf(pid) - cpu) / told.requests) * 1_000,
    rssMb: most(),
  };
}
