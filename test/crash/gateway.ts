import pino from 'pino';
import type { Checkpoint } from '../../src/erasure/context.ts';
import { startGateway } from '../../src/server.ts';
import { TEST_GATEWAY } from '../support/gateway-options.ts';
import { ORDER_VARIABLE, readOrder } from './order.ts';

/** A gateway in a process of its own, which kills itself where it was ordered to. Prints its URL when it answers. */
const { store, tokens, integrations, crash, sweepHours = 0 } = readOrder(process.env[ORDER_VARIABLE]!);

let passings = 0;

function checkpoint(name: Checkpoint): void {
  if (name === crash?.at && ++passings === crash.passing) process.kill(process.pid, 'SIGKILL');
}

process.stdin.resume().once('end', () => process.exit());

const gateway = await startGateway({
  ...TEST_GATEWAY,
  store,
  tokens,
  integrations,
  sweepHours,
  log: pino({ level: 'error' }, pino.destination({ dest: 2, sync: true })),
  pace: (ms) => Math.min(ms / 100, 20),
  checkpoint,
});
console.log(JSON.stringify({ url: gateway.url }));
