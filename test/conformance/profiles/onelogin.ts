import { Secret } from '../../../src/providers/secret.ts';
import { NO_CREATION, NO_CUSTOMER_TOKENS, defineProfile, except } from '../profile.ts';

interface State {
  users: { id: number; created_at: string; goneAt: number | null }[];
  tokens: unknown;
  callsUsed: number;
}

const SEEDED_AT = '2023-06-01T08:00:00.000Z';
const PLANTED_AT = '2025-02-25T10:00:00.000Z';

const envelope = (code: number, type: string, message: string): object => ({
  status: { error: true, code, type, message },
});

export const onelogin = defineProfile<State>({
  provider: 'ONELOGIN',
  wrongCredential: { clientSecret: new Secret('canary-refused') },
  assumptions: { deletingMs: 5 },
  holding: ({ email, onelogin: user }) =>
    user && {
      keys: [
        { kind: 'USER_ID', value: String(user.id) },
        { kind: 'EMAIL', value: email },
      ],
      externalId: String(user.id),
      identity: `${user.id} ${SEEDED_AT}`,
    },
  unknownKeys: [
    { kind: 'USER_ID', value: '999999' },
    { kind: 'EMAIL', value: 'nobody@example.com' },
  ],
  held: ({ users }) =>
    users.filter(({ goneAt }) => goneAt === null || goneAt > Date.now()).map(({ id }) => String(id)),
  plant(state, externalId) {
    if (!/^[1-9]\d*$/.test(externalId)) return null;
    const id = Number(externalId);
    const others = state.users.filter((user) => user.id !== id);
    return {
      ...state,
      users: [...others, { ...state.users[0]!, id, created_at: PLANTED_AT, goneAt: null }],
    };
  },
  notAboutCustomers: ['tokens', 'callsUsed'],
  requests: {
    find: { method: 'GET', path: '/api/' },
    delete: { method: 'DELETE', path: '/api/' },
    token: { method: 'POST', path: '/auth/oauth2/' },
  },
  findsInList: false,
  pageThatLeadsTo: (cursor) => ({ body: [], headers: { 'after-cursor': cursor } }),
  answerAbout: ({ users }, id) => users.find((user) => String(user.id) === id),
  errorBody: (statusCode) => ({ message: 'refused', name: 'Error', statusCode }),
  ownErrors: [
    { status: 400, body: envelope(400, 'bad request', 'rate_limit_exceeded'), code: 'RATE_LIMITED' },
    { status: 401, body: envelope(401, 'Unauthorized', 'Insufficient Permission'), code: 'FORBIDDEN' },
    {
      status: 400,
      body: envelope(400, 'bad request', 'Authorization Information is incorrect'),
      code: 'UNAUTHENTICATED',
    },
    { status: 404, body: envelope(404, 'not found', 'No Route Exists'), code: 'UNEXPECTED_RESPONSE' },
  ],
  exceptions: {
    ...except('users are not created by the gateway', NO_CREATION),
    ...except('tokens for users are not issued by the gateway', NO_CUSTOMER_TOKENS),
  },
  variants: {
    'version 1': {
      settings: { apiVersion: 1, bearer: 'bearer:' },
      pageThatLeadsTo: (after_cursor) => ({ body: { data: [], pagination: { after_cursor } } }),
      answerAbout: ({ users }, id) => ({ data: users.filter((user) => String(user.id) === id) }),
      errorBody: (status) => envelope(status, 'error', 'refused'),
    },
  },
});
