import { reachOf } from '../access/viewer.ts';
import { readLog, type WrittenEntry } from '../audit/read.ts';
import { withinReach } from '../customer/reach.ts';
import { builder } from './builder.ts';
import { namesForeignManager } from './foreign-manager.ts';
import { decodeId, encodeId } from './ids.ts';
import { connectionByNumber } from './pagination.ts';

const AuditEntryType = builder.objectRef<WrittenEntry>('AuditEntry').implement({
  description:
    'One line of the append-only log, which a Merkle tree makes tamper-evident: see `auditCheckpoint`.',
  fields: (t) => ({
    id: t.id({
      description: 'Id of the entry, for `auditInclusion`; entries are listed in this order.',
      resolve: ({ id }) => String(id),
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was written.' }),
    actor: t.exposeString('actor', { description: 'Who: the subject of a token, or `gateway`.' }),
    role: t.exposeString('role', {
      description: 'As what: `ADMIN`, `MASTER`, `RESALE`, or `SYSTEM` for the gateway.',
    }),
    action: t.exposeString('action', {
      description:
        'What was done: a noun and a verb, such as `erasure.requested`, `erasure.refused`, `task.resolved`, `hold.placed` or `customer.exported`. More may come.',
    }),
    customerId: t.id({
      nullable: true,
      description:
        'Id of the customer concerned; null when it concerns none and, outside erasures, once that was forgotten.',
      resolve: ({ customerId }) => customerId && encodeId('Customer', customerId),
    }),
    erasureId: t.id({
      nullable: true,
      description: 'Id of the erasure concerned; null when it concerns none.',
      resolve: ({ erasureId }) => erasureId && encodeId('Erasure', erasureId),
    }),
    sequence: t.exposeInt('sequence', {
      nullable: true,
      description: '1, 2, 3 … within the erasure, without gaps; null when it concerns none.',
    }),
    integrationId: t.exposeID('integrationId', {
      nullable: true,
      description: 'Id of the integration concerned; null when it concerns none.',
    }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: "Why, in the actor's words; null when not asked, and once the customer was forgotten.",
    }),
    requestId: t.exposeString('requestId', {
      nullable: true,
      description:
        'Id of the HTTP request, a UUID, which a masked error shows as `extensions.requestId`; null when the gateway acted by itself.',
    }),
    details: t.field({
      type: 'JSON',
      description:
        'What else was written down: an object, which differs with the action. Names no person; a manager who is not yours is null.',
      resolve: async ({ details }, _args, context) =>
        (await namesForeignManager(details, context)) ? { ...details, managerId: null } : details,
    }),
  }),
});

builder.queryField('auditLog', (t) =>
  t.connection(
    {
      type: AuditEntryType,
      description: 'The audit log, the oldest entry first, as far as it concerns customers of yours.',
      args: {
        customerId: t.arg.id({
          required: false,
          description: 'Only entries about this customer. Without it: about all.',
        }),
        erasureId: t.arg.id({
          required: false,
          description: 'Only entries about this erasure. Without it: about all.',
        }),
      },
      resolve: (_root, { customerId, erasureId, ...args }, context) => {
        const filter = {
          customerId: customerId ? decodeId('Customer', customerId) : undefined,
          erasureId: erasureId ? decodeId('Erasure', erasureId) : undefined,
        };
        const reach = withinReach(reachOf(context.known()));
        return connectionByNumber(args, (stretch) => readLog(context.parts.store, reach, filter, stretch));
      },
    },
    { description: 'A page of the audit log.' },
    { description: 'An entry in a page.' },
  ),
);
