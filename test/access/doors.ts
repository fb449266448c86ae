import type { Kind, Place, Role } from './oracle.ts';
import type { Root } from './operations.ts';
import type { Things } from './things.ts';

/** What a door is given for a place; `own` is what there is at the caller's own. */
type Args = (things: Things, role: Role, place: Place, own: Things) => object;

/** A way in, and what it is given. A new one is a line in {@link DOORS}. */
export interface Door {
  root: Root;
  field: string;
  /** Whose customers it tells of; null: it names nobody, and tells of all that whoever asks reaches. */
  kind: Kind | null;
  /** What has to be there at a place. */
  needs: readonly (keyof Things)[];
  /** Of the answers that it may give, the one that is asked for. */
  only?: string;
  args: Args;
}

const REASON = 'a good reason';
const IN_A_WEEK = new Date(Date.now() + 7 * 86_400_000).toISOString();
const first = { first: 20 };

const about = (kind: Kind, needs: readonly (keyof Things)[], args: Args, only?: string) => ({
  kind,
  needs,
  args,
  ...(only && { only }),
});

const customer = (args: Args, needs: readonly (keyof Things)[] = ['customerId'], only?: string) =>
  about('customer', needs, args, only);

/** A door that names nobody. */
const all = (args: object = {}) => ({ kind: null, needs: [], args: () => args });

const input =
  (args: Args): Args =>
  (...about) => ({ input: args(...about) });

const bulkOrder = about(
  'bulk',
  ['bulkId'],
  input(({ bulkId }) => ({ bulkId, reason: REASON })),
);

/** A door that is given a manager. */
const underManager = (args: Args) => customer(args, ['managerId']);

/** A reseller who reaches out for a foreign customer wants it to be its own. */
const assigned: Args = ({ customerId, managerId }, role, place) => ({
  customerId,
  managerId: role === 'RESALE' && place !== 'below' ? 'glacier' : managerId,
});

/** A customer as a router names one. */
const represented = (key: Args, needs: readonly (keyof Things)[]) =>
  customer((...of) => ({ representations: [{ __typename: 'Customer', ...key(...of) }] }), needs, 'Customer');

const linkOf = (key: string) =>
  customer(input(({ customerId }) => ({ customerId, integrationId: 'learn', kind: 'REF', key })));

const ofReappearance = customer(
  input(({ reappearanceId }) => ({ reappearanceId, reason: REASON })),
  ['reappearanceId'],
);

/** What is of the whole gateway. */
const gateway = (args: Args, needs: readonly (keyof Things)[] = [], only?: string) =>
  about('gateway', needs, args, only);

/** Every way in: by the name of its root field, what it is given there. */
const WAYS: Record<Root, Record<string, readonly Omit<Door, 'root' | 'field'>[]>> = {
  Query: {
    viewer: [all()],
    integrations: [all()],
    erasurePause: [all()],
    auditCheckpoint: [all()],
    auditConsistency: [all({ from: 0, to: 1 })],
    customer: [customer(({ customerId: id }) => ({ id }))],
    customerByEmail: [customer(({ email }) => ({ email }), ['email'])],
    customers: [
      all(first),
      customer(({ email }) => ({ ...first, filter: { email } }), ['email']),
      underManager(({ managerId }) => ({ ...first, filter: { managerId } })),
    ],
    erasurePlan: [customer(({ customerId }) => ({ customerId }))],
    erasure: [customer(({ erasureId: id }) => ({ id }), ['erasureId'])],
    erasures: [all(first), customer(({ customerId }) => ({ ...first, customerId }))],
    bulk: [about('bulk', ['bulkId'], ({ bulkId: id }) => ({ id }))],
    bulks: [all(first)],
    reappearances: [all(first)],
    auditLog: [
      all({ last: 20 }),
      customer(({ customerId }) => ({ ...first, customerId })),
      customer(({ erasureId }) => ({ ...first, erasureId }), ['erasureId']),
    ],
    auditInclusion: [customer(({ entryId }) => ({ entryId }), ['entryId'])],
    deletionPreview: [
      customer(({ customerId }) => ({ input: { customerIds: [customerId] } })),
      about('bulk', ['bulkId'], ({ bulkId }) => ({ input: { bulkId } })),
      underManager(({ managerId }) => ({ input: { filter: { managerId } } })),
    ],
    webhookDeliveries: [gateway(() => first)],
    node: [
      customer(({ customerId: id }) => ({ id }), ['customerId'], 'Customer'),
      customer(({ erasureId: id }) => ({ id }), ['erasureId'], 'Erasure'),
      about('bulk', ['bulkId'], ({ bulkId: id }) => ({ id }), 'Bulk'),
      gateway(({ importId: id }) => ({ id }), ['importId'], 'CustomerImport'),
    ],
    _service: [all()],
    _entities: [
      represented(({ customerId: id }) => ({ id }), ['customerId']),
      represented(({ email }) => ({ email }), ['email']),
    ],
    nodes: [
      customer(({ customerId }) => ({ ids: [customerId] }), ['customerId'], 'Customer'),
      customer(({ erasureId }) => ({ ids: [erasureId] }), ['erasureId'], 'Erasure'),
      about('bulk', ['bulkId'], ({ bulkId }) => ({ ids: [bulkId] }), 'Bulk'),
      gateway(({ importId }) => ({ ids: [importId] }), ['importId'], 'CustomerImport'),
    ],
  },
  Mutation: {
    deleteCustomer: [
      customer(
        input(({ freeCustomerId: customerId }) => ({
          customerId,
          reason: REASON,
          integrationIds: ['learn'],
          idempotencyKey: customerId,
          scheduledFor: IN_A_WEEK,
        })),
        ['freeCustomerId'],
      ),
    ],
    cancelErasure: [
      customer(
        input(({ erasureId }) => ({ erasureId, reason: REASON })),
        ['erasureId'],
      ),
    ],
    retryErasure: [
      customer(
        input(({ erasureId }) => ({ erasureId, reason: REASON })),
        ['erasureId'],
      ),
    ],
    approveErasure: [
      customer(
        input(({ awaitingErasureId: erasureId }) => ({ erasureId, planHash: 'x' })),
        ['awaitingErasureId'],
      ),
    ],
    denyErasure: [
      customer(
        input(({ awaitingErasureId: erasureId }) => ({ erasureId, reason: REASON })),
        ['awaitingErasureId'],
      ),
    ],
    resolveTask: [
      customer(
        input(({ taskId }) => ({ taskId, resolution: 'SKIP', reason: REASON })),
        ['taskId'],
      ),
    ],
    eraseAgain: [ofReappearance],
    dismissReappearance: [ofReappearance],
    deleteCustomers: [
      customer(
        input(({ freeCustomerId, previewHashes }, role) => ({
          customerIds: [freeCustomerId],
          integrationIds: ['learn'],
          previewHash: previewHashes[role],
          reason: REASON,
          idempotencyKey: freeCustomerId,
        })),
        ['freeCustomerId'],
      ),
    ],
    pauseBulk: [bulkOrder],
    resumeBulk: [bulkOrder],
    approveBulk: [
      about(
        'bulk',
        ['bulkId'],
        input(({ bulkId }) => ({ bulkId, previewHash: 'x' })),
      ),
    ],
    cancelBulk: [bulkOrder],
    denyBulk: [bulkOrder],
    placeHold: [
      customer(
        input(({ heldCustomerId: customerId }) => ({ customerId, ground: REASON })),
        ['heldCustomerId'],
      ),
    ],
    releaseHold: [
      customer(
        input(({ holdId }) => ({ holdId, reason: REASON })),
        ['holdId'],
      ),
    ],
    pauseErasures: [all({ input: { reason: REASON } })],
    resumeErasures: [all({ input: { reason: REASON } })],
    redeliverWebhook: [
      gateway(
        input(({ deliveryId }) => ({ deliveryId })),
        ['deliveryId'],
      ),
    ],
    registerCustomer: [
      all({ input: { name: 'Somebody New' } }),
      underManager(input(({ managerId }) => ({ name: 'Somebody New', managerId }))),
    ],
    createCustomer: [
      all({ input: { email: 'somebody.new@example.com', integrationId: 'particle' } }),
      underManager(
        input(({ managerId }) => ({
          email: `somebody.of.${managerId}@example.com`,
          integrationId: 'particle',
          managerId,
        })),
      ),
    ],
    confirmEmail: [customer(input(({ customerId }) => ({ customerId })))],
    assignManager: [
      customer(input(assigned)),
      customer(
        input((things, role, _place, own) => ({
          customerId: (role === 'RESALE' ? own : things).heldCustomerId,
          managerId: things.managerId,
        })),
        ['managerId', 'heldCustomerId'],
      ),
    ],
    linkAccount: [linkOf('of nobody')],
    unlinkAccount: [linkOf('of nobody')],
    importCustomers: [
      gateway(input(() => ({ integrationId: 'learn' }))),
      underManager(input(({ managerId }) => ({ integrationId: 'learn', managerId }))),
    ],
    exportCustomer: [customer(input(({ customerId }) => ({ customerId, reason: REASON })))],
    issueCustomerToken: [customer(input(({ customerId }) => ({ customerId, integrationId: 'particle' })))],
    revokeTokens: [gateway(input(() => ({ jti: 'nobody', reason: REASON })))],
    revokeCustomerToken: [
      customer(input(({ customerId }) => ({ customerId, integrationId: 'particle', token: 'x' }))),
    ],
  },
  Subscription: {
    erasureProgress: [customer(({ erasureId }) => ({ erasureId }), ['erasureId'])],
    bulkProgress: [about('bulk', ['bulkId'], ({ bulkId }) => ({ bulkId }))],
    importProgress: [gateway(({ importId }) => ({ importId }), ['importId'])],
  },
};

export const DOORS: readonly Door[] = (Object.entries(WAYS) as [Root, (typeof WAYS)[Root]][]).flatMap(
  ([root, fields]) =>
    Object.entries(fields).flatMap(([field, doors]) => doors.map((door): Door => ({ root, field, ...door }))),
);
