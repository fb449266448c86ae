import { readFileSync } from 'node:fs';
import { decodeProtectedHeader, type JSONWebKeySet } from 'jose';
import type { ReceiptBody, ReceiptTask } from '../erasure/receipt-body.ts';
import { verifyReceipt, type VerifiedReceipt } from '../erasure/verify-receipt.ts';
import { NotGenuineError } from '../signing/verify-signed.ts';
import { readKeySet } from './key-set.ts';
import { table } from './table.ts';
import { UsageError } from './usage-error.ts';

const STANDARD_INPUT = 0;
const HEADINGS = ['integration', 'provider', 'plan saw', 'outcome', 'verdict', 'attempts'];

function read(what: string, file: string | 0): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${what} cannot be read: ${(error as Error).message}`);
  }
}

function readKeys(file: string | undefined): JSONWebKeySet {
  if (file === undefined)
    throw new UsageError(
      '--keys is missing: a file with the public keys of the gateway, or - for standard input.\n' +
        'Fetch them once, from a gateway that you trust: curl https://GATEWAY/.well-known/jwks.json > keys.json',
    );
  return readKeySet(read('--keys', file === '-' ? STANDARD_INPUT : file), '--keys');
}

/** Free text, so that it cannot move the cursor of a terminal or turn its lines around. */
const quoted = (text: string): string =>
  JSON.stringify(text).replace(/[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '');

const rowOf = (task: ReceiptTask): string[] => [
  task.integrationId,
  task.provider,
  task.presence,
  task.outcome ?? [task.state, task.errorCode].filter(Boolean).join(': '),
  task.verdict ?? '',
  String(task.attempts),
];

function facts({ body, index, checkpoint }: VerifiedReceipt, kid: string): string[][] {
  const where = body.integrationIds?.join(', ') ?? 'everywhere';
  return [
    ['erasure', body.erasureId],
    ['customer', body.customerId],
    ['asked for', `${where}, by ${body.requesterRole}, at ${body.requestedAt}`],
    ['reason', body.reason === null ? 'left out: it named the customer' : quoted(body.reason)],
    ['ended', `${body.state}, at ${body.finishedAt}`],
    ['signed by', `key ${kid}`],
    ['in the log', `entry ${index + 1} of ${checkpoint.size}, as of ${checkpoint.at}`],
  ];
}

function groundsOf({ tasks }: ReceiptBody, integrationId: string): string {
  const grounds = tasks.filter((task) => task.integrationId === integrationId && task.ground !== null);
  return [integrationId, ...grounds.map(({ ground }) => quoted(ground!))].join(' ');
}

/** What a receipt proves, for people. */
function summary(receipt: VerifiedReceipt, kid: string): string {
  const { body } = receipt;
  const list = (ids: readonly string[]): string => ids.join(', ') || 'none';
  return [
    'The receipt is genuine.',
    '',
    ...facts(receipt, kid).map(([name, value]) => `  ${name!.padEnd(11)} ${value}`),
    '',
    table(HEADINGS, body.tasks.map(rowOf)),
    '',
    `Carried through at: ${list(body.reached)}`,
    `Of these, could not be verified: ${list(body.unverifiable)}`,
    `Not carried through at: ${list(body.notReached)}`,
    `Retained at: ${list(body.retained.map((id) => groundsOf(body, id)))}`,
  ].join('\n');
}

/** Verifies a receipt without asking anybody. Exit code 1 when it is not genuine. */
export async function verifyReceiptFile(file: string, keysFile: string | undefined): Promise<number> {
  const keys = readKeys(keysFile);
  const jws = read('FILE', file).replace(/\r?\n$/, '');
  try {
    const receipt = await verifyReceipt(jws, keys);
    console.log(summary(receipt, decodeProtectedHeader(jws).kid ?? ''));
    return 0;
  } catch (error) {
    if (!(error instanceof NotGenuineError)) throw error;
    console.error(`The receipt is not genuine. ${error.message}`);
    return 1;
  }
}
