import { Secret } from '../../../src/providers/secret.ts';
import {
  NO_CREATION,
  NO_CUSTOMER_TOKENS,
  NO_LIST,
  NO_TOKEN_ENDPOINT,
  defineProfile,
  except,
} from '../profile.ts';

interface State {
  customers: { userId: string; activeSubscription: boolean; createdAt: string; deletedAt: string | null }[];
}

const SEEDED_AT = '2024-01-15T09:00:00.000Z';
const PLANTED_AT = '2025-02-25T10:00:00.000Z';

export const vpn = defineProfile<State>({
  provider: 'VPN',
  wrongCredential: { token: new Secret('canary-refused') },
  holding: ({ vpn: customer }) =>
    customer && {
      keys: [{ kind: 'USER_ID', value: customer.userId }],
      externalId: customer.userId,
      identity: SEEDED_AT,
    },
  unknownKeys: [{ kind: 'USER_ID', value: 'user99999' }],
  held: ({ customers }) => customers.flatMap(({ userId, deletedAt }) => (deletedAt ? [] : [userId])),
  plant: ({ customers }, userId) => ({
    customers: [
      ...customers.filter((customer) => customer.userId !== userId),
      { ...customers[0]!, userId, activeSubscription: false, createdAt: PLANTED_AT, deletedAt: null },
    ],
  }),
  notAboutCustomers: [],
  requests: {
    find: { method: 'GET', path: '/customer/' },
    delete: { method: 'DELETE', path: '/customer/' },
    token: null,
  },
  findsInList: false,
  answerAbout: ({ customers }, userId) => ({
    success: true,
    customer: customers.find((customer) => customer.userId === userId),
  }),
  errorBody: () => ({ success: false, message: 'refused' }),
  ownErrors: [
    { status: 400, body: { message: ['userID must be a string'], error: 'Bad Request' }, code: 'INVALID' },
    { status: 409, body: { error: 'Customer has active subscription' }, code: 'CONFLICT' },
    {
      status: 404,
      body: { statusCode: 404, message: 'Cannot find the route', error: 'Not Found' },
      code: 'UNEXPECTED_RESPONSE',
    },
  ],
  exceptions: {
    ...except('the vendor has no call that creates customers', NO_CREATION),
    ...except('the vendor issues no tokens for customers', NO_CUSTOMER_TOKENS),
    ...except('the vendor has no call that lists customers', NO_LIST),
    ...except('a fixed token comes with the settings: there is no token endpoint', NO_TOKEN_ENDPOINT),
  },
});
