import { RouterTokens } from '../../src/access/router-token.ts';
import type { GatewayOptions } from '../../src/gateway-options.ts';
import { fingerprintKey } from './fingerprint-key.ts';
import { signingKeys } from './signing-keys.ts';
import { tokenSettings } from './tokens.ts';

/** What the routers of gateways under test show. */
export const ROUTER_TOKEN = Buffer.alloc(32, 'router').toString('base64');

/** What gateways under test have in common. Several may use the same store, one after the other. */
export const TEST_GATEWAY = {
  host: '127.0.0.1',
  port: 0,
  allowedHosts: ['127.0.0.1'],
  tokens: tokenSettings,
  graphiql: null,
  compileAfter: 0,
  caps: null,
  rates: { caller: 1_000_000, manager: 1_000_000 },
  signingKeys,
  origin: 'test-gateway',
  fingerprintKey,
  sweepHours: 0,
  routerTokens: new RouterTokens([ROUTER_TOKEN]),
} satisfies Partial<GatewayOptions>;
