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
  rssMb: number;
}

const run = promisify(execFile);
const SCRIPT = new URL('load.lua', import.meta.url).pathname;
const TICK_MS = 10;
const PAGE_KB = 4;

/** CPU time that a process has used so far, in ms (proc(5)). */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

const rssOf = (pid: number): number =>
  (Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE_KB) / 1024;

/** Loads a URL by wrk, which shares a processor with the vendors, and measures the process that answers. */
export async function load(
  { url, pid }: { url: string; pid: number },
  files: { bodies: string; tokens: string },
  { seconds, connections }: { seconds: number; connections: number },
): Promise<Load> {
  const cpu = cpuOf(pid);
  const wrk = ['wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', SCRIPT, url];
  const { stdout } = await run('taskset', ['-c', '1', ...wrk, '--', files.bodies, files.tokens]);
  const line = stdout.trim().split('\n').at(-1)!;
  const told = JSON.parse(line) as {
    requests: number;
    seconds: number;
    p50: number;
    p99: number;
    errors: number;
  };
  return {
    requests: told.requests,
    perSecond: told.requests / told.seconds,
    p50Ms: told.p50,
    p99Ms: told.p99,
    errors: told.errors,
    cpuMs: ((cpuOf(pid) - cpu) / told.requests) * 1_000,
    rssMb: rssOf(pid),
  };
}
