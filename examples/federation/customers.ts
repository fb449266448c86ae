import { generateKeySync } from 'node:crypto';
import pino from 'pino';
import { RouterTokens } from '../../src/access/router-token.ts';
import { makeDemoKey, makeProofKey } from '../../src/commands/demo-keys.ts';
import { registerPeople, type Sandbox } from '../../src/commands/launch-sandbox.ts';
import { startGateway, type Gateway } from '../../src/server.ts';

/** A gateway with simulated people in its directory. */
export interface Customers {
  gateway: Gateway;
  /** Global ids, in the order of the people. */
  ids: string[];
}

/** Starts the gateway on a new store. Its keys lie in the same folder. */
export async function startCustomers(
  sandbox: Sandbox,
  folder: string,
  routerToken: string,
): Promise<Customers> {
  const gateway = await startGateway({
    host: '127.0.0.1',
    port: 0,
    allowedHosts: ['127.0.0.1'],
    store: { folder },
    tokens: makeDemoKey(folder),
    routerTokens: new RouterTokens([routerToken]),
    integrations: sandbox.integrations,
    graphiql: null,
    caps: null,
    signingKeys: makeProofKey(folder),
    origin: 'federation-example',
    fingerprintKey: generateKeySync('hmac', { length: 256 }),
    sweepHours: 0,
    log: pino({ level: 'error' }),
  });
  const ids = await registerPeople(gateway.store, sandbox.people);
  return { gateway, ids: ids.map((id) => Buffer.from(`Customer:${id}`).toString('base64url')) };
}
