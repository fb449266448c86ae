import { Secret } from '../../../src/providers/secret.ts';
import { PARTICLE_API_USERS } from '../../../src/sandbox/particle.ts';
import { NO_CREATION, NO_CUSTOMER_TOKENS, NO_TOKEN_ENDPOINT, defineProfile, except } from '../profile.ts';

interface State {
  customers: { id: string; username: string }[];
  tokens: unknown;
  failedTokenCalls: number;
}

const IN_PRODUCT = '/v1/products/';

const REQUESTS = {
  find: { method: 'GET', path: IN_PRODUCT },
  delete: { method: 'DELETE', path: IN_PRODUCT },
  token: { method: 'POST', path: '/oauth/token' },
};

export const particle = defineProfile<State>({
  provider: 'PARTICLE',
  wrongCredential: { clientSecret: new Secret('canary-refused') },
  assumptions: { maxPageSize: 25 },
  holding: ({ email, particle: customer }) =>
    customer && { keys: [{ kind: 'EMAIL', value: email }], externalId: email, identity: customer.id },
  unknownKeys: [{ kind: 'EMAIL', value: 'nobody@example.com' }],
  held: ({ customers }) => customers.map(({ username }) => username),
  plant: (state, username) => ({
    ...state,
    customers: [
      ...state.customers.filter((customer) => customer.username !== username),
      { id: 'f'.repeat(24), username },
    ],
  }),
  notAboutCustomers: ['tokens', 'failedTokenCalls'],
  requests: REQUESTS,
  findsInList: true,
  pageThatLeadsTo: (cursor) => ({ body: { customers: [], meta: { total_pages: Number(cursor) } } }),
  answerAbout: ({ customers }, name) => ({
    customers: customers.filter(({ username }) => username === name),
  }),
  errorBody: (status) =>
    status === 404 ? { ok: false, error: 'Customer not found' } : { error: `status ${status}` },
  ownErrors: [
    {
      status: 400,
      body: { error: 'unauthorized', error_description: 'API users are not allowed to call this endpoint' },
      code: 'FORBIDDEN',
    },
    { status: 403, body: { error: 'invalid_scope' }, code: 'FORBIDDEN' },
    { status: 404, body: { error: 'Product not found' }, code: 'UNEXPECTED_RESPONSE' },
  ],
  exceptions: {},
  variants: {
    "with an API user's token": {
      settings: {
        clientId: undefined,
        clientSecret: undefined,
        accessToken: new Secret(PARTICLE_API_USERS.full),
      },
      wrongCredential: { accessToken: new Secret('canary-refused') },
      requests: { ...REQUESTS, token: null },
      exceptions: {
        ...except('the token comes with the settings: none is fetched', NO_TOKEN_ENDPOINT),
        ...except('only a client of the product creates customers', NO_CREATION),
        ...except('only a client of the product issues tokens for customers', NO_CUSTOMER_TOKENS),
      },
    },
  },
});
