import { randomBytes } from 'node:crypto';
import type { Person } from './people.ts';
import { clientOf, field, type Answer, type Call, type VendorDefinition } from './vendor.ts';

interface User {
  id: string;
  ref: string | null;
  email: string | null;
  firstName: string | null;
  lastName: string | null;
  role: string;
  status: 'active' | 'inactive';
  positions: { id: string; isActive: boolean }[];
  languageCode: string;
  deleted: boolean;
  createdAt: string;
  /** Completions stay after the person is obfuscated. */
  completions: number;
}

interface State {
  users: User[];
  tokens: { token: string; scopes: string[]; expiresAt: number }[];
}

interface LearnAssumptions extends Record<string, string | number | boolean> {
  /** Whether a deleted user can still be read by its internal id. */
  deletedReadable: boolean;
  /** What deleting an unknown ref answers: the flat 404 of the read endpoint, or the 400 envelope. */
  deleteUnknown: 'NOT_FOUND' | 'ENVELOPE_400';
  /** Whether a delete is answered with an empty body. */
  emptyBody: boolean;
  tokenSeconds: number;
  /** Scopes of the OAuth client, separated by spaces. */
  clientScopes: string;
  /** Largest page the user list gives. */
  maxPageSize: number;
}

export const LEARN_TENANT = { id: 'eu-west-2_Sandbox01', secret: 'sandbox-learn-secret' };

const flat = (status: number, error: string, message: string): Answer => ({
  status,
  json: { status, error, message },
});

const noUser = flat(404, 'Not Found', 'User not found');

function scopesOf(call: Call, state: State): string[] {
  const [scheme = '', value = ''] = (call.headers.authorization ?? '').split(' ');
  if (scheme === 'Basic') {
    const expected = Buffer.from(`${LEARN_TENANT.id}:${LEARN_TENANT.secret}`).toString('base64');
    return value === expected ? ['api/all'] : [];
  }
  return state.tokens.find((t) => t.token === value && t.expiresAt > Date.now())?.scopes ?? [];
}

const withScope =
  (
    scope: 'api/read' | 'api/write',
    handle: (call: Call, state: State, assumptions: LearnAssumptions) => Answer,
  ) =>
  (call: Call, state: State, assumptions: LearnAssumptions): Answer => {
    const scopes = scopesOf(call, state);
    if (scopes.length === 0) return flat(401, 'Unauthorized', 'Unauthorized');
    if (!scopes.includes('api/all') && !scopes.includes(scope))
      return flat(403, 'Forbidden', 'Insufficient scope');
    return handle(call, state, assumptions);
  };

function token(call: Call, state: State, assumptions: LearnAssumptions): Answer {
  const { id, secret } = clientOf(call);
  if (call.params['tenant'] !== LEARN_TENANT.id || id !== LEARN_TENANT.id || secret !== LEARN_TENANT.secret) {
    return { status: 401, json: { error: 'invalid_client' } };
  }
  const granted = assumptions.clientScopes.split(' ');
  const scopes = field(call, 'scope') ? field(call, 'scope').split(' ') : granted;
  if (!scopes.every((scope) => granted.includes(scope) || granted.includes('api/all')))
    return { status: 400, json: { error: 'invalid_scope' } };
  const issued = randomBytes(16).toString('hex');
  state.tokens.push({ token: issued, scopes, expiresAt: Date.now() + assumptions.tokenSeconds * 1000 });
  const json = { access_token: issued, token_type: 'Bearer', expires_in: assumptions.tokenSeconds };
  return { status: 200, json: { ...json, scope: scopes.join(' ') } };
}

const byRef = (state: State, call: Call): User | undefined =>
  state.users.find((u) => !u.deleted && u.ref === call.params['ref']);

function envelope(detail: 'error' | 'message', status: number, error: string, message?: string): Answer {
  const json = {
    id: 'UNIQUEREFERENCE111000',
    timestamp: new Date().toISOString(),
    eventType: 'user_suspended',
    [detail]: { status, error, ...(message && { message }) },
  };
  return { status, json };
}

function obfuscate(call: Call, state: State, assumptions: LearnAssumptions): Answer {
  const user = byRef(state, call);
  if (!user) {
    if (assumptions.deleteUnknown === 'NOT_FOUND') return noUser;
    return envelope('error', 400, 'Bad Request', 'User not found');
  }
  const redacted = { ref: null, email: null, firstName: null, lastName: null };
  Object.assign(user, redacted, { deleted: true, status: 'inactive' });
  return assumptions.emptyBody ? { status: 200 } : { status: 200, json: { success: true } };
}

function list(call: Call, state: State, { maxPageSize }: LearnAssumptions): Answer {
  const perPage = Math.min(Math.max(Number(call.query.get('perPage') ?? 100), 1), maxPageSize);
  const page = Math.max(Number(call.query.get('page') ?? 1), 1);
  const pagination = {
    totalResults: state.users.length,
    totalPages: Math.max(Math.ceil(state.users.length / perPage), 1),
    page,
    perPage,
  };
  return {
    status: 200,
    json: { results: state.users.slice((page - 1) * perPage, page * perPage), pagination },
  };
}

function user(person: Person): User[] {
  if (!person.learn) return [];
  const [firstName = '', lastName = ''] = person.name.split(' ');
  return [
    {
      ...person.learn,
      email: person.email,
      firstName,
      lastName,
      role: person.number % 40 === 0 ? 'learneradmin' : 'learner',
      status: 'active',
      positions: [{ id: person.learn.id.replace(/^6467/, 'b0b0'), isActive: true }],
      languageCode: 'en-gb',
      deleted: false,
      createdAt: '2024-01-15T09:00:00.000Z',
      completions: person.number % 9,
    },
  ];
}

/**
 * Learn's public API for one tenant: reads on v1, writes on v2.
 * Source of shapes: docs.thrivelearning.com/apidocs. Assumed: what deleting twice answers, and how a deleted user reads.
 */
export const learn = (people: readonly Person[]): VendorDefinition<State, LearnAssumptions> => ({
  name: 'learn',
  assumptions: {
    deletedReadable: true,
    deleteUnknown: 'NOT_FOUND',
    emptyBody: false,
    tokenSeconds: 3600,
    clientScopes: 'api/all',
    maxPageSize: 1_000,
  },
  noRoute: flat(404, 'Not Found', 'Cannot find the route'),
  rateLimited: (seconds) => ({
    ...flat(429, 'Too Many Requests', 'Slow down'),
    ...(seconds !== undefined && { headers: { 'retry-after': String(seconds) } }),
  }),
  seed: () => ({ users: people.flatMap(user), tokens: [] }),
  routes: {
    'POST /oauth2/token/:tenant': token,
    'GET /rest/v1/users': withScope('api/read', list),
    'GET /rest/v1/users/ref/:ref': withScope('api/read', (call, state) => {
      const found = byRef(state, call);
      return found ? { status: 200, json: { ...found, deleted: undefined, createdAt: undefined } } : noUser;
    }),
    'GET /rest/v1/user/:id': withScope('api/read', (call, state, { deletedReadable }) => {
      const found = state.users.find((u) => u.id === call.params['id']);
      return found && (!found.deleted || deletedReadable) ? { status: 200, json: found } : noUser;
    }),
    'DELETE /rest/v2/users/ref/:ref': withScope('api/write', obfuscate),
    'PATCH /rest/v2/users/ref/:ref/suspend': withScope('api/write', (call, state) => {
      const found = byRef(state, call);
      if (!found) return noUser;
      found.status = 'inactive';
      return { status: 200, json: { ...found, active: false } };
    }),
    'PATCH /rest/v2/users/ref/:ref': withScope('api/write', (call, state) => {
      const found = byRef(state, call);
      if (!found) return noUser;
      if (call.fields['endDate'] === null) found.status = 'active';
      return { status: 200, json: { ...found, active: found.status === 'active' } };
    }),
  },
});
