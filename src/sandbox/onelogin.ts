import type { Person } from './people.ts';
import { isClient, issueToken, type IssuedToken } from './onelogin-tokens.ts';
import { newUser, present, seededUser, shown, type User } from './onelogin-user.ts';
import type { Answer, Call, VendorDefinition } from './vendor.ts';

interface State {
  users: User[];
  tokens: IssuedToken[];
  callsUsed: number;
}

interface OneloginAssumptions extends Record<string, string | number | boolean> {
  /** Milliseconds a deleted user stays visible as "(Deleting)" while its apps deprovision. */
  deletingMs: number;
  /** Status of the answer over the hourly quota: 400 was observed, 429 is documented nowhere. */
  rateLimitStatus: number;
  /** Calls an hour and account, 5000 as documented. */
  hourlyCalls: number;
  /** Scope of the API credential: `Manage users` deletes, `Read Users` does not, `Authentication Only` does nothing. */
  scope: string;
  /** The id of the user that owns the API credential: without it the token endpoint answers 500. */
  credentialOwner: number;
}

export const ONELOGIN_OWNER = 1;

const PAGE = 50;

const v1 = (code: number, type: string, message: unknown, extra: object = {}): Answer => ({
  status: code,
  json: { status: { error: code >= 400, code, type, message }, ...extra },
});

const v2 = (statusCode: number, name: string, message: string): Answer => ({
  status: statusCode,
  json: { message, name, statusCode },
});

const isV1 = (call: Call): boolean => call.path.startsWith('/api/1/');

const unauthorized = (call: Call): Answer =>
  isV1(call)
    ? v1(401, 'Unauthorized', 'Authentication Failure')
    : v2(401, 'UnauthorizedError', 'Unauthorized');

const notFound = (call: Call): Answer =>
  isV1(call)
    ? v1(404, 'not found', `User for id ${call.params['id']} was not found`)
    : v2(404, 'NotFoundError', 'The resource with the given id could not be found');

/** Lets any of the four bearer spellings in real use through to the handler. */
const authorised =
  (handle: (call: Call, state: State, assumptions: OneloginAssumptions) => Answer) =>
  (call: Call, state: State, assumptions: OneloginAssumptions): Answer => {
    const header = call.headers.authorization;
    const sent = /^bearer\s*:?\s*(\S+)$/i.exec(header ?? '')?.[1];
    if (!sent) {
      return isV1(call)
        ? v1(400, 'bad request', 'Authorization Information is incorrect')
        : unauthorized(call);
    }
    if (!state.tokens.some((t) => t.token === sent && t.expiresAt > Date.now())) return unauthorized(call);
    if (assumptions.scope === 'Authentication Only')
      return v1(401, 'Unauthorized', 'Insufficient Permission');
    if (state.callsUsed >= assumptions.hourlyCalls) return overQuota(assumptions);
    state.callsUsed++;
    const answer = handle(call, state, assumptions);
    const quota = Object.entries(rateLimit(state, assumptions)).map(([k, v]) => [k.toLowerCase(), String(v)]);
    return {
      ...answer,
      headers: { ...answer.headers, ...(Object.fromEntries(quota) as Record<string, string>) },
    };
  };

const rateLimit = (state: State, { hourlyCalls }: OneloginAssumptions): Record<string, number> => ({
  'X-RateLimit-Limit': hourlyCalls,
  'X-RateLimit-Remaining': hourlyCalls - state.callsUsed,
  'X-RateLimit-Reset': 832,
});

const overQuota = ({ rateLimitStatus }: OneloginAssumptions): Answer =>
  v1(rateLimitStatus, 'bad request', 'rate_limit_exceeded');

const token =
  (envelope: boolean) =>
  (call: Call, state: State, { credentialOwner }: OneloginAssumptions): Answer => {
    if (!isClient(call)) return v1(401, 'Unauthorized', 'Authentication Failure');
    if (!state.users.some((u) => u.id === credentialOwner && present(u))) {
      return v1(500, 'internal server error', 'Internal Server Error');
    }
    const body = issueToken(state.tokens);
    return envelope ? v1(200, 'success', 'Success', { data: [body] }) : { status: 200, json: body };
  };

function list(call: Call, state: State): Answer {
  const cursor = call.query.get(isV1(call) ? 'after_cursor' : 'cursor');
  const inside = new URLSearchParams(cursor ? Buffer.from(cursor, 'base64').toString('utf8') : '');
  if (cursor && !inside.has('page')) {
    return {
      status: 400,
      json: { status: 400, error: 'BadRequestError', description: 'Invalid pagination cursor' },
    };
  }
  const email = call.query.get('email');
  const ids = call.query.get('user_ids')?.split(',').map(Number);
  const limit = Math.min(Number(inside.get('limit') ?? call.query.get('limit') ?? PAGE) || PAGE, PAGE);
  const number = Number(inside.get('page') ?? call.query.get('page') ?? 1);
  const rows = state.users
    .filter(present)
    .filter((u) => email === null || matches(email, u.email ?? ''))
    .filter((u) => !ids || ids.includes(u.id));
  const next = Buffer.from(`limit=${limit}&sort=id&page=${number + 1}&sort_direction=asc`).toString('base64');
  const after = number * limit < rows.length ? next : null;
  const data = rows.slice((number - 1) * limit, number * limit).map(shown);
  if (!isV1(call)) return { status: 200, json: data, headers: after ? { 'after-cursor': after } : {} };
  const pagination = { before_cursor: null, after_cursor: after, previous_link: null, next_link: null };
  return v1(200, 'success', 'Success', { pagination, data });
}

/** `*` is a wildcard and a leading `!` negates: an e-mail that carries them would find other people. */
function matches(filter: string, email: string): boolean {
  const negated = filter.startsWith('!');
  const parts = filter.slice(negated ? 1 : 0).split('*');
  const pattern = parts.map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*');
  return new RegExp(`^${pattern}$`, 'i').test(email) !== negated;
}

const withUser =
  (handle: (call: Call, user: User, state: State, assumptions: OneloginAssumptions) => Answer) =>
  (call: Call, state: State, assumptions: OneloginAssumptions): Answer => {
    const id = call.params['id']!;
    if (!/^\d+$/.test(id)) {
      const message = { attribute: 'id', description: 'ID is incorrect' };
      return isV1(call)
        ? v1(400, 'bad request', message)
        : v2(400, 'BadRequestError', 'id must be an integer');
    }
    const user = state.users.find((u) => u.id === Number(id) && present(u));
    return user ? handle(call, user, state, assumptions) : notFound(call);
  };

const remove = withUser((call, user, _state, assumptions) => {
  if (!assumptions.scope.startsWith('Manage')) return v1(401, 'Unauthorized', 'Insufficient Permission');
  user.goneAt ??= Date.now() + assumptions.deletingMs;
  return isV1(call) ? v1(200, 'success', 'Success') : { status: 204 };
});

/**
 * Scopes and what is needed: developers.onelogin.com/api-docs/2/users/create-user. Assumed: the bodies of the
 * refusals, and that nobody else may have the e-mail or the username.
 */
function create(call: Call, { users }: State, { scope }: OneloginAssumptions): Answer {
  if (!scope.startsWith('Manage')) return v1(401, 'Unauthorized', 'Insufficient Permission');
  const user = newUser(call.fields, Math.max(...users.map(({ id }) => id)) + 1);
  if (!user.email && !user.username)
    return v2(422, 'UnprocessableEntityError', 'email or username is required');
  const names = new Set([user.email, user.username].filter((name) => name !== null));
  const taken = users
    .filter(present)
    .some(({ email, username }) => names.has(email ?? '') || names.has(username ?? ''));
  if (taken) return v2(422, 'UnprocessableEntityError', 'email or username is taken');
  users.push(user);
  return { status: 201, json: shown(user) };
}

const suspend = withUser((call, user) => {
  user.status = Number(call.fields['status'] ?? user.status);
  return isV1(call)
    ? v1(200, 'success', 'Success', { data: [shown(user)] })
    : { status: 200, json: shown(user) };
});

const read = withUser((call, user) =>
  isV1(call) ? v1(200, 'success', 'Success', { data: [shown(user)] }) : { status: 200, json: shown(user) },
);

const apps = withUser((call, user) =>
  isV1(call) ? v1(200, 'success', 'Success', { data: user.apps }) : { status: 200, json: user.apps },
);

function seedUser(person: Person): User[] {
  if (!person.onelogin) return [];
  const [firstname = '', lastname = ''] = person.name.split(' ');
  return [seededUser(person.onelogin.id, person.email, firstname, lastname, person.onelogin.apps)];
}

/**
 * One OneLogin tenant, API versions 1 and 2.
 * Source of shapes: developers.onelogin.com/api-docs/1 and /2 and the vendor's SDKs.
 * Assumed: v2's answer to a weak scope and to an id that is not an integer.
 */
export const onelogin = (people: readonly Person[]): VendorDefinition<State, OneloginAssumptions> => ({
  name: 'onelogin',
  assumptions: {
    deletingMs: 0,
    rateLimitStatus: 400,
    hourlyCalls: 5000,
    scope: 'Manage users',
    credentialOwner: ONELOGIN_OWNER,
  },
  noRoute: v1(404, 'not found', 'No Route Exists'),
  rateLimited: () => v1(400, 'bad request', 'rate_limit_exceeded'),
  seed: () => ({
    users: [
      seededUser(ONELOGIN_OWNER, 'api-owner@example.com', 'API', 'Owner', []),
      ...people.flatMap(seedUser),
    ],
    tokens: [],
    callsUsed: 0,
  }),
  routes: {
    'POST /auth/oauth2/token': token(true),
    'POST /auth/oauth2/v2/token': token(false),
    'GET /auth/rate_limit': authorised((_call, state, assumptions) =>
      v1(200, 'success', 'Success', { data: rateLimit(state, assumptions) }),
    ),
    'GET /api/1/users': authorised(list),
    'GET /api/2/users': authorised(list),
    'POST /api/2/users': authorised(create),
    'GET /api/1/users/:id': authorised(read),
    'GET /api/2/users/:id': authorised(read),
    'GET /api/1/users/:id/apps': authorised(apps),
    'GET /api/2/users/:id/apps': authorised(apps),
    'PUT /api/1/users/:id': authorised(suspend),
    'PUT /api/2/users/:id': authorised(suspend),
    'DELETE /api/1/users/:id': authorised(remove),
    'DELETE /api/2/users/:id': authorised(remove),
  },
});
