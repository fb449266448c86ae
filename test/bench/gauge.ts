/** Loaded into a gateway that is measured: counts what it asks of its database, and says on request what it has cost. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { resolve } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';

/** What a gateway has cost until now. */
export interface Reading {
  /** Statements by their text, the values left out. */
  statements: Record<string, number>;
  /** CPU time of the process, in ms. */
  cpuMs: number;
  /** 99 of 100 turns of the event loop came at most so much late, in ms, since the last reading. */
  lagMs: number;
  /** Resident memory in MB. */
  memoryMb: number;
}

const statements: Record<string, number> = {};

function count(query: unknown): void {
  const text = typeof query === 'string' ? query : ((query as { text?: string } | null)?.text ?? '');
  const plain = text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\$\d+(, \$\d+)*/g, '$')
    .trim();
  statements[plain] = (statements[plain] ?? 0) + 1;
}

/** Has every call of a method counted. */
function watch(prototype: object, name: string): void {
  const methods = prototype as Record<string, (...args: unknown[]) => unknown>;
  const method = methods[name]!;
  methods[name] = function (this: unknown, ...args: unknown[]) {
    count(args[0]);
    return method.apply(this, args);
  };
}

watch(PGlite.prototype, 'query');
watch(PGlite.prototype, 'exec');
const prepared = (await import(resolve('dist/store/pglite-statements.js'))) as {
  PgliteStatements: { prototype: object };
};
watch(prepared.PgliteStatements.prototype, 'run');
watch(pg.Client.prototype, 'query');

const lag = monitorEventLoopDelay({ resolution: 1 });
lag.enable();

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  const lagMs = lag.percentile(99) / 1e6;
  lag.reset();
  const memoryMb = process.memoryUsage().rss / 1e6;
  process.send!({ statements, cpuMs: (user + system) / 1000, lagMs, memoryMb } satisfies Reading);
});
process.once('disconnect', () => process.exit());
process.channel?.unref();
