import { generateKeyPairSync } from 'node:crypto';
import { inclusionRanges } from '../../src/audit/subtrees.ts';
import { digestOf, type ReceiptBody } from '../../src/erasure/receipt-body.ts';
import { readSigner, type Signer } from '../../src/signing/signing-key.ts';
import { hashesOf } from '../audit/in-memory-tree.ts';

/** A signer with a key of its own. */
export function newSigner(): Promise<Signer> {
  const { privateKey } = generateKeyPairSync('ed25519');
  return readSigner(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
}

const TASK = {
  presence: 'FOUND',
  state: 'SUCCEEDED',
  outcome: 'DELETED',
  verdict: 'VERIFIED_ABSENT',
  errorCode: null,
  resolution: null,
  ground: null,
  deletedAt: null,
  finishedAt: '2026-11-01T10:00:05.000Z',
  attempts: 2,
} as const;

/** What a receipt of an erasure says that deleted at one integration and could not look at another. */
export const BODY: ReceiptBody = {
  version: 1,
  id: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  number: 1,
  erasureId: '6f1cbe5e-52d6-4d4b-9f0d-2d6f0c1a7b11',
  customerId: 'a3f8c2de-7d3b-4e11-8c55-0b9a4f2f6c22',
  state: 'COMPLETED_WITH_EXCEPTIONS',
  integrationIds: null,
  reason: 'asked for it',
  requesterRole: 'ADMIN',
  requestedAt: '2026-11-01T10:00:00.000Z',
  approvedAt: null,
  irreversibleAt: '2026-11-01T10:00:01.000Z',
  finishedAt: '2026-11-01T10:00:06.000Z',
  tasks: [
    { ...TASK, integrationId: 'vpn', provider: 'VPN', outcome: 'SOFT_DELETED', verdict: 'UNVERIFIABLE' },
    { ...TASK, integrationId: 'onelogin', provider: 'ONELOGIN' },
  ],
  reached: ['vpn', 'onelogin'],
  notReached: [],
  retained: [],
  unverifiable: ['vpn'],
};

/** What of a receipt is not as the gateway makes it. */
export interface Forgery {
  body?: object;
  /** Members of the log's entry. */
  entry?: object;
  /** The entry's text, when it is not JSON of an entry. */
  entryText?: string;
  /** What is signed as `log`, besides or instead. */
  log?: object;
  checkpoint?: object;
  /** What the entry in the log tells of, when it is not what the receipt says. */
  logged?: ReceiptBody;
  types?: { receipt?: string; checkpoint?: string };
  signers?: { receipt?: Signer; checkpoint?: Signer };
}

const OTHER_LEAVES = ['a', 'b', 'c', 'd', 'e', 'f'];
const INDEX = 4;

/** A receipt, anchored as entry 4 of a log of 7: genuine but for what is forged. */
export async function forge(signer: Signer, forgery: Forgery = {}): Promise<string> {
  const body = { ...BODY, ...forgery.body };
  const logged = forgery.logged ?? body;
  const entry =
    forgery.entryText ??
    JSON.stringify({
      action: `erasure.${logged.state.toLowerCase()}`,
      erasureId: logged.erasureId,
      details: { receipt: digestOf(logged), state: logged.state },
      ...forgery.entry,
    });
  const leaves = OTHER_LEAVES.toSpliced(INDEX, 0, entry).map((leaf) => Buffer.from(leaf));
  const hashOf = hashesOf(leaves);
  const base64 = (range: { begin: number; end: number }): string =>
    Buffer.from(hashOf(range)).toString('base64url');
  const size = leaves.length;
  const { receipt: typ = 'erasure-receipt+jwt', checkpoint: checkpointTyp = 'audit-checkpoint+jwt' } =
    forgery.types ?? {};
  const { receipt = signer, checkpoint: checkpointSigner = signer } = forgery.signers ?? {};
  const checkpoint = await checkpointSigner.sign(checkpointTyp, {
    origin: 'test',
    size,
    root: base64({ begin: 0, end: size }),
    at: '2026-11-01T10:00:07.000Z',
    ...forgery.checkpoint,
  });
  const proof = inclusionRanges(INDEX, size).map(base64);
  return receipt.sign(typ, { ...body, log: { entry, index: INDEX, proof, checkpoint, ...forgery.log } });
}
