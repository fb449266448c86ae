import { Secret } from '../../../src/providers/secret.ts';
import { NO_CREATION, NO_CUSTOMER_TOKENS, NO_TOKEN_ENDPOINT, defineProfile, except } from '../profile.ts';

interface State {
  users: { id: string; ref: string | null; deleted: boolean }[];
  tokens: unknown;
}

const EXCEPTIONS = {
  ...except('users are not created by the gateway', NO_CREATION),
  ...except('the vendor issues no tokens for users', NO_CUSTOMER_TOKENS),
  '6F4E': 'the look goes to the internal id of the deleted person, which no other person under the ref has',
};

const REQUESTS = {
  find: { method: 'GET', path: '/rest/' },
  delete: { method: 'DELETE', path: '/rest/' },
  token: { method: 'POST', path: '/oauth2/token/' },
};

export const learn = defineProfile<State>({
  provider: 'LEARN',
  wrongCredential: { apiSecret: new Secret('canary-refused') },
  assumptions: { maxPageSize: 25 },
  holding: ({ learn: learner }) =>
    learner && {
      keys: [{ kind: 'REF', value: learner.ref }],
      externalId: learner.ref,
      identity: learner.id,
    },
  unknownKeys: [{ kind: 'REF', value: 'EMP-99999' }],
  held: ({ users }) => users.flatMap(({ ref, deleted }) => (deleted || ref === null ? [] : [ref])),
  plant: (state, ref) => ({
    ...state,
    users: [
      ...state.users.filter((user) => user.ref !== ref),
      { ...state.users[0]!, id: 'f'.repeat(24), ref, deleted: false },
    ],
  }),
  notAboutCustomers: ['tokens'],
  requests: REQUESTS,
  findsInList: true,
  pageThatLeadsTo: (cursor) => ({ body: { results: [], pagination: { totalPages: Number(cursor) } } }),
  answerAbout: ({ users }, ref) => users.find((user) => user.ref === ref),
  errorBody: (status) => ({ status, error: `status ${status}`, message: 'refused' }),
  ownErrors: [
    {
      status: 400,
      body: { id: 'UNIQUEREFERENCE111000', error: { status: 400, error: 'Bad Request' } },
      code: 'INVALID',
    },
    {
      status: 404,
      body: { id: 'UNIQUEREFERENCE111000', message: { status: 404, message: 'User not found' } },
      code: 'NOT_FOUND',
    },
    {
      status: 404,
      body: { status: 404, error: 'Not Found', message: 'Cannot find the route' },
      code: 'UNEXPECTED_RESPONSE',
    },
  ],
  exceptions: EXCEPTIONS,
  variants: {
    'with HTTP Basic, empty answers and 400 for whoever is not there': {
      settings: { auth: 'BASIC' },
      assumptions: { maxPageSize: 25, emptyBody: true, deleteUnknown: 'ENVELOPE_400' },
      exceptions: {
        ...EXCEPTIONS,
        ...except('the API secret goes with every call: there is no token', NO_TOKEN_ENDPOINT),
      },
      requests: { ...REQUESTS, token: null },
    },
  },
});
