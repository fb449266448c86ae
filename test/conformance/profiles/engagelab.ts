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
  devices: { registrationId: string; alias: string; tags: string[]; goneAt: number | null }[];
}

const STATUS_CODES: Record<number, number> = { 401: 21004, 403: 23009, 404: 20101, 429: 23008 };

export const engagelab = defineProfile<State>({
  provider: 'ENGAGELAB',
  wrongCredential: { masterSecret: new Secret('canary-refused') },
  assumptions: { deleteDelayMs: 5 },
  holding: ({ engagelab: device }) =>
    device && {
      keys: [
        { kind: 'REGISTRATION_ID', value: device.registrationId },
        { kind: 'ALIAS', value: device.alias },
      ],
      externalId: device.registrationId,
      identity: null,
    },
  unknownKeys: [
    { kind: 'REGISTRATION_ID', value: 'ffffffffffffffffff0' },
    { kind: 'ALIAS', value: 'nobody' },
  ],
  held: ({ devices }) =>
    devices
      .filter(({ goneAt }) => goneAt === null || goneAt > Date.now())
      .map(({ registrationId }) => registrationId),
  plant: ({ devices }, registrationId) => ({
    devices: [
      ...devices.filter((device) => device.registrationId !== registrationId),
      { registrationId, alias: '', tags: [], goneAt: null },
    ],
  }),
  notAboutCustomers: [],
  requests: {
    find: { method: 'GET', path: '/v4/' },
    delete: { method: 'DELETE', path: '/v4/devices/' },
    token: null,
  },
  findsInList: false,
  errorBody: (status) => ({ error: { code: STATUS_CODES[status] ?? status, message: 'refused' } }),
  ownErrors: [
    { status: 400, body: { error: { code: 23008, message: 'QPS limit' } }, code: 'RATE_LIMITED' },
    { status: 400, body: { error: { code: 21004, message: 'authen failed' } }, code: 'UNAUTHENTICATED' },
    { status: 400, body: { error: { code: 27002, message: 'unknown error' } }, code: 'OUTCOME_UNKNOWN' },
    { status: 401, body: { code: 23009, message: 'refused' }, code: 'FORBIDDEN' },
    { status: 404, body: { code: 404, message: 'not found' }, code: 'UNEXPECTED_RESPONSE' },
  ],
  exceptions: {
    ...except('a device registers itself: the vendor has no call that creates one', NO_CREATION),
    ...except('the vendor issues no tokens for devices', NO_CUSTOMER_TOKENS),
    D6B3: 'the answer about a device does not say which device it is',
    ...except('the vendor has no call that lists devices', NO_LIST),
    ...except('AppKey and MasterSecret go with every call: there is no token', NO_TOKEN_ENDPOINT),
    '6F4E': 'a registration id that registers again carries no mark that tells it from the first',
  },
  variants: {
    'with bare success and an error for whoever is not there': {
      assumptions: { deleteDelayMs: 5, bareSuccess: true, deleteUnknown: 'ERROR' },
    },
  },
});
