import type { Person } from './people.ts';
import type { Answer, Call, VendorDefinition } from './vendor.ts';

interface Device {
  registrationId: string;
  alias: string;
  tags: string[];
  /** When an accepted deletion takes effect, in ms since the epoch; null while none was asked for. */
  goneAt: number | null;
}

interface State {
  devices: Device[];
}

interface EngagelabAssumptions extends Record<string, string | number | boolean> {
  /** Milliseconds between the accepted delete and its effect. The vendor says "asynchronously" and no more. */
  deleteDelayMs: number;
  /** What reading an unknown registration id answers: code 20101, or the empty device of an unbound id. */
  unknownDevice: 'ERROR' | 'EMPTY';
  /** What deleting an unknown registration id answers: accepted, or code 20101. */
  deleteUnknown: 'ACCEPTED' | 'ERROR';
  /** Whether a delete is answered with the bare text `success` instead of JSON. */
  bareSuccess: boolean;
}

export const ENGAGELAB_APP = { key: 'c5a1e0d2e662e45d035ab101', secret: 'sandbox-engagelab-secret' };

const nested = (status: number, code: number, message: string): Answer => ({
  status,
  json: { error: { code, message } },
});

const invalidId = nested(400, 20101, 'registration_id is invalid or belongs to another appkey');

const present = (device: Device): boolean => device.goneAt === null || device.goneAt > Date.now();

/** Lets AppKey and MasterSecret through to the handler. */
const forApp =
  (handle: (call: Call, state: State, assumptions: EngagelabAssumptions) => Answer) =>
  (call: Call, state: State, assumptions: EngagelabAssumptions): Answer => {
    const expected = Buffer.from(`${ENGAGELAB_APP.key}:${ENGAGELAB_APP.secret}`).toString('base64');
    if (!call.headers.authorization) return nested(401, 27001, 'auth info is empty');
    if (call.headers.authorization !== `Basic ${expected}`) return nested(401, 21004, 'authen failed');
    return handle(call, state, assumptions);
  };

const findDevice = (state: State, call: Call): Device | undefined =>
  state.devices.find((d) => d.registrationId === call.params['id'] && present(d));

function getDevice(call: Call, state: State, assumptions: EngagelabAssumptions): Answer {
  const device = findDevice(state, call);
  if (device) return { status: 200, json: { tags: device.tags, alias: device.alias } };
  return assumptions.unknownDevice === 'EMPTY' ? { status: 200, json: { tags: [], alias: '' } } : invalidId;
}

function deleteDevice(call: Call, state: State, assumptions: EngagelabAssumptions): Answer {
  const device = findDevice(state, call);
  if (!device && assumptions.deleteUnknown === 'ERROR') return invalidId;
  if (device) device.goneAt ??= Date.now() + assumptions.deleteDelayMs;
  if (!assumptions.bareSuccess) return { status: 200, json: { success: true } };
  return { status: 200, headers: { 'content-type': 'application/json' }, text: 'success' };
}

function setDevice(call: Call, state: State): Answer {
  const device = findDevice(state, call);
  if (!device) return invalidId;
  const { tags, alias } = call.fields as {
    tags?: { add?: string[]; remove?: string[] } | '';
    alias?: string;
  };
  if (alias !== undefined) device.alias = alias;
  if (tags === '') device.tags = [];
  else if (tags) {
    const kept = device.tags.filter((tag) => !tags.remove?.includes(tag));
    device.tags = [...new Set([...kept, ...(tags.add ?? [])])];
  }
  return { status: 200, headers: { 'content-type': 'application/json' }, text: 'success' };
}

/**
 * EngageLab's push API for one app.
 * Source of shapes: engagelab.com/docs (Delete User, tag and alias API, error codes) and the vendor's Go, Java and
 * Python SDKs. Re-registration: a client that opens the app again comes back through `POST /_open/:id`, which stands
 * for the SDK on the person's phone.
 */
export const engagelab = (people: readonly Person[]): VendorDefinition<State, EngagelabAssumptions> => ({
  name: 'engagelab',
  assumptions: { deleteDelayMs: 400, unknownDevice: 'ERROR', deleteUnknown: 'ACCEPTED', bareSuccess: false },
  noRoute: { status: 404, json: { code: 404, message: 'not found' } },
  rateLimited: () => nested(400, 23008, 'QPS limit'),
  seed: () => ({
    devices: people.flatMap((p) => (p.engagelab ? [{ ...p.engagelab, goneAt: null }] : [])),
  }),
  routes: {
    'GET /v4/devices/:id': forApp(getDevice),
    'POST /v4/devices/:id': forApp(setDevice),
    'DELETE /v4/devices/:id': forApp(deleteDevice),
    'GET /v4/aliases/:alias': forApp((call, state) => {
      const found = state.devices.filter((d) => d.alias === call.params['alias'] && present(d));
      return { status: 200, json: { registration_ids: found.map((d) => d.registrationId) } };
    }),
    'GET /v4/tags': forApp((_call, state) => ({
      status: 200,
      json: { tags: [...new Set(state.devices.filter(present).flatMap((d) => d.tags))] },
    })),
    'POST /_open/:id': (call, state) => {
      const device = state.devices.find((d) => d.registrationId === call.params['id']);
      if (!device) return invalidId;
      Object.assign(device, { goneAt: null, alias: '', tags: [] });
      return { status: 204 };
    },
  },
});
