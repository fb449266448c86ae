import { reachOf } from '../access/viewer.ts';
import { signCheckpoint, type Checkpoint } from '../audit/checkpoint.ts';
import type { Hash } from '../audit/merkle.ts';
import { placeOf } from '../audit/read.ts';
import { consistencyProof, inclusionProof, treeSize } from '../audit/tree.ts';
import { withinReach } from '../customer/reach.ts';
import { builder } from './builder.ts';
import { namesForeignManager } from './foreign-manager.ts';
import { badInput } from './refusals.ts';

const base64url = (hash: Hash): string => Buffer.from(hash).toString('base64url');

const CheckpointType = builder.objectRef<Checkpoint>('AuditCheckpoint').implement({
  description:
    'A signed statement of what the audit log is. Kept outside, it makes every later change provable.',
  fields: (t) => ({
    size: t.exposeInt('size', { description: 'How many entries have their place in the log, 0 or more.' }),
    root: t.exposeString('root', {
      description:
        'Root of the Merkle tree (RFC 9162, section 2.1) over their leaves: a SHA-256 hash in base64url.',
    }),
    jws: t.exposeString('jws', {
      description: 'The statement as a compact JWS (RFC 7515); `customer-gateway verify-audit` takes it.',
    }),
  }),
});

interface Inclusion {
  index: number;
  size: number;
  proof: Hash[];
  leaf: string;
}

const InclusionType = builder.objectRef<Inclusion>('AuditInclusion').implement({
  description: 'Proof that an entry is in the audit log (RFC 9162, section 2.1.3).',
  fields: (t) => ({
    index: t.exposeInt('index', { description: "The entry's place in the log, from 0." }),
    size: t.exposeInt('size', {
      description: 'How many entries the tree has that the proof is for, 1 or more.',
    }),
    proof: t.stringList({
      description: 'The hashes beside the way from the leaf to the root: SHA-256 in base64url.',
      resolve: ({ proof }) => proof.map(base64url),
    }),
    leaf: t.exposeString('leaf', {
      description:
        'What is hashed: the entry as canonical JSON (RFC 8785), with salted commitments in place of actor, customer and reason.',
    }),
  }),
});

const ConsistencyType = builder.objectRef<{ proof: Hash[] }>('AuditConsistency').implement({
  description: 'Proof that the log only grew (RFC 9162, section 2.1.4).',
  fields: (t) => ({
    proof: t.stringList({
      description: 'The hashes that lead to both roots: SHA-256 in base64url.',
      resolve: ({ proof }) => proof.map(base64url),
    }),
  }),
});

const MAX_DIGITS = /^\d{1,15}$/;

builder.queryFields((t) => ({
  auditCheckpoint: t.field({
    type: CheckpointType,
    description:
      'What the audit log is now, signed. An entry has its place about a second after it is written.',
    resolve: (_root, _args, { parts }) =>
      signCheckpoint(parts.store, parts.signer, parts.origin, parts.erasures.clock.now()),
  }),
  auditInclusion: t.field({
    type: InclusionType,
    nullable: true,
    description:
      'Proof for an entry; null when it has no place yet, when there is none that concerns you, and when it names a manager who is not yours.',
    args: {
      entryId: t.arg.id({ required: true, description: 'Id of the entry, as `auditLog` lists it.' }),
      size: t.arg.int({
        description:
          'How many entries the tree of the proof has: from `index` + 1 to as many as there are, which is the default.',
      }),
    },
    resolve: async (_root, { entryId, size }, context) => {
      const { parts, known } = context;
      const { store } = parts;
      if (!MAX_DIGITS.test(entryId)) throw badInput('This is not the id of an entry.');
      const place = await placeOf(store, withinReach(reachOf(known())), Number(entryId));
      if (!place) return null;
      const { details } = JSON.parse(place.leaf) as { details: object };
      if (await namesForeignManager(details, context)) return null;
      const present = await treeSize(store.db);
      const within = size ?? present;
      if (within <= place.index || within > present)
        throw badInput(`"size" must be from ${place.index + 1} to ${present}.`);
      return { ...place, size: within, proof: await inclusionProof(store.db, place.index, within) };
    },
  }),
  auditConsistency: t.field({
    type: ConsistencyType,
    description: 'Proof that the log of a later checkpoint begins with that of an earlier one.',
    args: {
      from: t.arg.int({ required: true, description: 'Size of the earlier checkpoint, 0 or more.' }),
      to: t.arg.int({
        required: true,
        description: 'Size of the later checkpoint, from `from` to as many entries as there are.',
      }),
    },
    resolve: async (_root, { from, to }, { parts: { store } }) => {
      const present = await treeSize(store.db);
      if (from < 0 || from > to || to > present)
        throw badInput(`"from" must be 0 or more, and "to" from it to ${present}.`);
      return { proof: await consistencyProof(store.db, from, to) };
    },
  }),
}));
