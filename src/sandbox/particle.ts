import { randomBytes } from 'node:crypto';
import type { Person } from './people.ts';
import { clientOf, field, type Answer, type Call, type VendorDefinition } from './vendor.ts';

interface State {
  customers: { id: string; username: string }[];
  devices: { id: string; product_id: number; owner: string | null; online: boolean }[];
  /** `scopes` narrow the token of an API user; a token without them is a product client's own, or a customer's. */
  tokens: { token: string; customer: string | null; scopes: string[]; expiresAt: number }[];
  failedTokenCalls: number;
}

interface ParticleAssumptions extends Record<string, string | number | boolean> {
  /** Status of a created customer: the iOS SDK expects 201, other clients 200. */
  createStatus: number;
  /** Status of the `invalid_scope` answer; the forum shows its body only. */
  invalidScopeStatus: number;
  /** Whether deleting a customer clears the owner of the claimed devices. Nothing is documented. */
  deleteClearsOwner: boolean;
  /** Largest page the customer list gives; its parameters are not documented. */
  maxPageSize: number;
  /** Whether a page says how many rows the list has; its type in the official client leaves that open. */
  tellsTotal: boolean;
  /** Seconds a product token lives. */
  tokenSeconds: number;
}

export const PARTICLE_CLIENT = { id: 'sandbox-product-1234', secret: 'sandbox-particle-secret' };
export const PARTICLE_PRODUCT = 'sandbox-product';
/** Tokens of two API users, one of which may only read. */
export const PARTICLE_API_USERS = { full: 'sandbox-particle-api-user', reader: 'sandbox-particle-reader' };
const READ_SCOPES = ['customers:list', 'devices:list'];
const NEVER = Number.MAX_SAFE_INTEGER;

const error = (status: number, code: string, description: string): Answer => ({
  status,
  json: { error: code, error_description: description },
});

const isClient = (call: Call): boolean => {
  const { id, secret } = clientOf(call);
  return id === PARTICLE_CLIENT.id && secret === PARTICLE_CLIENT.secret;
};

function issueToken(state: State, customer: string | null, seconds: number): Answer['json'] {
  const token = randomBytes(20).toString('hex');
  const expiresAt = seconds === 0 ? NEVER : Date.now() + seconds * 1000;
  state.tokens.push({ token, customer, scopes: [], expiresAt });
  return {
    token_type: 'bearer',
    access_token: token,
    expires_in: seconds,
    refresh_token: randomBytes(20).toString('hex'),
  };
}

type Handler = (call: Call, state: State, assumptions: ParticleAssumptions) => Answer;

const tokenOf = (call: Call, state: State): State['tokens'][number] | undefined => {
  const sent = (call.headers.authorization ?? '').replace(/^Bearer /, '');
  return state.tokens.find((t) => t.token === sent && t.expiresAt > Date.now());
};

const invalidToken = error(401, 'invalid_token', 'The access token provided is invalid.');

/** Lets a product token with a scope through to the handler; everyone else gets Particle's refusal. */
const forProduct =
  (scope: string, handle: Handler): Handler =>
  (call, state, assumptions) => {
    const token = tokenOf(call, state);
    if (!token) return invalidToken;
    if (token.customer !== null) {
      const description = 'Customers are not allowed to access product and organization endpoints';
      return error(assumptions.invalidScopeStatus, 'invalid_scope', description);
    }
    if (token.scopes.length > 0 && !token.scopes.includes(scope))
      return error(400, 'unauthorized', 'API users are not allowed to call this endpoint');
    if (call.params['product'] !== PARTICLE_PRODUCT)
      return { status: 404, json: { error: 'Product not found' } };
    return handle(call, state, assumptions);
  };

const currentToken: Handler = (call, state) => {
  const token = tokenOf(call, state);
  if (!token) return invalidToken;
  const { scopes, expiresAt } = token;
  const expires_at = expiresAt === NEVER ? null : new Date(expiresAt).toISOString();
  return { status: 200, json: { expires_at, client: PARTICLE_CLIENT.id, scopes, orgs: [] } };
};

/** A token ends itself, by its own value or as the current one. */
const endToken: Handler = (call, state) => {
  const ended = call.params['token'] ?? tokenOf(call, state)?.token;
  if (!state.tokens.some(({ token }) => token === ended)) return invalidToken;
  state.tokens = state.tokens.filter(({ token }) => token !== ended);
  return { status: 200, json: { ok: true } };
};

/** One page, with `meta` as particle-api-js 12 types it (`PaginationMeta`). */
function page<T>(call: Call, rows: T[], { maxPageSize, tellsTotal }: ParticleAssumptions) {
  const asked = Number(call.query.get('per_page') ?? call.query.get('perPage') ?? 25);
  const size = Math.min(Math.max(asked, 1), maxPageSize);
  const number = Math.max(Number(call.query.get('page') ?? 1), 1);
  const total_pages = Math.max(Math.ceil(rows.length / size), 1);
  return {
    rows: rows.slice((number - 1) * size, number * size),
    meta: { page: number, per_page: size, total_pages, ...(tellsTotal && { total: rows.length }) },
  };
}

function token(call: Call, state: State, assumptions: ParticleAssumptions): Answer {
  if (state.failedTokenCalls >= 10) return { status: 429, json: { error: 'too_many_requests' } };
  if (!isClient(call)) {
    state.failedTokenCalls++;
    return error(400, 'invalid_client', 'Client credentials are invalid');
  }
  if (field(call, 'grant_type') === 'password') {
    state.failedTokenCalls++;
    return error(400, 'invalid_grant', 'User credentials are invalid');
  }
  state.failedTokenCalls = 0;
  const scope = field(call, 'scope');
  const customer = scope.startsWith('customer=') ? scope.slice('customer='.length).toLowerCase() : null;
  if (customer !== null && !state.customers.some((c) => c.username === customer)) {
    return error(400, 'invalid_scope', 'Customer not found');
  }
  const seconds = Number(field(call, 'expires_in') || assumptions.tokenSeconds);
  return { status: 200, json: issueToken(state, customer, seconds) };
}

function createCustomer(call: Call, state: State, assumptions: ParticleAssumptions): Answer {
  if (!isClient(call)) return error(400, 'invalid_client', 'Client credentials are invalid');
  const username = field(call, 'email').toLowerCase();
  if (!username) return error(400, 'invalid_request', 'email is required');
  if (state.customers.some((c) => c.username === username)) {
    return error(400, 'customer_exists', 'Customer already exists');
  }
  state.customers.push({ id: randomBytes(12).toString('hex'), username });
  return { status: assumptions.createStatus, json: issueToken(state, username, assumptions.tokenSeconds) };
}

function deleteCustomer(call: Call, state: State, assumptions: ParticleAssumptions): Answer {
  const username = call.params['email']!.toLowerCase();
  const index = state.customers.findIndex((c) => c.username === username);
  if (index < 0) return { status: 404, json: { ok: false, error: 'Customer not found' } };
  state.customers.splice(index, 1);
  state.tokens = state.tokens.filter((t) => t.customer !== username);
  for (const device of state.devices) {
    if (device.owner === username && assumptions.deleteClearsOwner) device.owner = null;
  }
  return { status: 200, json: { ok: true } };
}

/** `deviceId` filters (particle-api-js 12, `listDevices`); the owners of the page come beside it. */
function listDevices(call: Call, state: State, assumptions: ParticleAssumptions): Answer {
  const id = call.query.get('deviceId');
  const wanted = state.devices.filter((device) => id === null || device.id === id);
  const { rows, meta } = page(call, wanted, assumptions);
  const owners = new Set(rows.map(({ owner }) => owner));
  const customers = state.customers.filter(({ username }) => owners.has(username));
  return { status: 200, json: { devices: rows, customers, meta } };
}

function unclaim(call: Call, state: State): Answer {
  const device = state.devices.find((d) => d.id === call.params['device']);
  if (!device) return { status: 404, json: { ok: false, error: 'Device not found' } };
  device.owner = null;
  return { status: 200, json: { ok: true } };
}

/**
 * Particle's cloud for one product.
 * Source of shapes: docs.particle.io/reference/cloud-apis, particle-api-js 12 and community.particle.io/t/15466.
 * Assumed: the 404 of an unknown customer and its body.
 */
export const particle = (people: readonly Person[]): VendorDefinition<State, ParticleAssumptions> => ({
  name: 'particle',
  assumptions: {
    createStatus: 201,
    invalidScopeStatus: 403,
    deleteClearsOwner: false,
    maxPageSize: 100,
    tellsTotal: true,
    tokenSeconds: 7_776_000,
  },
  noRoute: { status: 404, json: { error: 'not_found' } },
  rateLimited: () => ({ status: 429, json: { error: 'Too many requests' } }),
  seed: () => ({
    customers: people.flatMap((p) => (p.particle ? [{ id: p.particle.id, username: p.email }] : [])),
    devices: people.flatMap((p) =>
      (p.particle?.deviceIds ?? []).map((id, i) => ({
        id,
        product_id: 1234,
        owner: p.email,
        online: i === 0,
      })),
    ),
    tokens: [
      { token: PARTICLE_API_USERS.full, scopes: [...READ_SCOPES, 'customers:remove', 'devices:release'] },
      { token: PARTICLE_API_USERS.reader, scopes: READ_SCOPES },
    ].map((one) => ({ ...one, customer: null, expiresAt: NEVER })),
    failedTokenCalls: 0,
  }),
  routes: {
    'POST /oauth/token': token,
    'GET /v1/access_tokens/current': currentToken,
    'DELETE /v1/access_tokens/current': endToken,
    'DELETE /v1/access_tokens/:token': endToken,
    'POST /v1/products/:product/customers': createCustomer,
    'GET /v1/products/:product/customers': forProduct('customers:list', (call, state, assumptions) => {
      const { rows, meta } = page(call, state.customers, assumptions);
      const names = new Set(rows.map((c) => c.username));
      const devices = state.devices.filter((d) => d.owner !== null && names.has(d.owner));
      return { status: 200, json: { customers: rows, devices, meta } };
    }),
    'DELETE /v1/products/:product/customers/:email': forProduct('customers:remove', deleteCustomer),
    'GET /v1/products/:product/devices': forProduct('devices:list', listDevices),
    'DELETE /v1/products/:product/devices/:device/owner': forProduct('devices:release', unclaim),
  },
});
