import { beforeAll, describe, expect, test } from 'vitest';
import { verifyReceipt } from '../../src/erasure/verify-receipt.ts';
import type { Signer } from '../../src/signing/signing-key.ts';
import { BODY, forge, newSigner, type Forgery } from './forge.ts';

let signer: Signer;
let attacker: Signer;

beforeAll(async () => {
  signer = await newSigner();
  attacker = await newSigner();
});

const faultOf = (jws: string): Promise<string> =>
  verifyReceipt(jws, signer.publicKeys).then(
    () => 'none',
    (error: Error) => {
      expect(error.name).toBe('NotGenuineError');
      return error.message;
    },
  );

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The next character of the alphabet, which differs in the last bit alone where it can; another; and two outside it. */
function substitutes(character: string): string[] {
  const place = ALPHABET.indexOf(character);
  return [ALPHABET[place ^ 1] ?? 'A', ALPHABET[(place + 32) % 64]!, '=', '\n'];
}

describe('a genuine receipt', () => {
  test('verifies, and says what it said', async () => {
    const { body, index, checkpoint } = await verifyReceipt(await forge(signer), signer.publicKeys);
    expect(body).toEqual(BODY);
    expect(index).toBe(4);
    expect(checkpoint).toMatchObject({ origin: 'test', size: 7 });
  });

  test('does not, with any one character changed, left out or put in', { timeout: 120_000 }, async () => {
    const jws = await forge(signer);
    const found: string[] = [];
    for (const [place, character] of jws.split('').entries()) {
      const spoiled = substitutes(character).map(
        (other) => jws.slice(0, place) + other + jws.slice(place + 1),
      );
      const shorter = jws.slice(0, place) + jws.slice(place + 1);
      for (const variant of [...spoiled, shorter, jws.slice(0, place) + character + jws.slice(place)])
        if (variant !== jws && (await faultOf(variant)) === 'none') found.push(`${place}: ${variant[place]}`);
    }
    expect(found).toEqual([]);
  });

  test('does not, in part', async () => {
    const jws = await forge(signer);
    for (const part of ['', '.', '..', jws.slice(0, -1), `${jws}.`, jws.split('.').slice(0, 2).join('.')])
      expect(await faultOf(part)).toMatch(/^receipt: /);
  });
});

const task = { ...BODY.tasks[0]!, integrationId: 'learn' };
const other = { ...BODY, erasureId: '11111111-1111-4111-8111-111111111111' };

describe('a receipt that is signed anew is found out', () => {
  test.each<[string, () => Forgery, string]>([
    ['with another key', () => ({ signers: { receipt: attacker } }), 'receipt: unknown kid'],
    ['as a document of another type', () => ({ types: { receipt: 'JWT' } }), 'receipt: wrong typ'],
    [
      'around a checkpoint of another key',
      () => ({ signers: { checkpoint: attacker } }),
      'checkpoint: unknown kid',
    ],
    [
      'around another document as checkpoint',
      () => ({ types: { checkpoint: 'JWT' } }),
      'checkpoint: wrong typ',
    ],
    [
      'around a checkpoint that lacks its root',
      () => ({ checkpoint: { root: undefined } }),
      'checkpoint: malformed: root',
    ],
    [
      'with a body that the log does not know',
      () => ({ logged: BODY, body: { reason: 'nobody asked' } }),
      'log entry: it is of another receipt',
    ],
    [
      'with the entry of another erasure',
      () => ({ entry: { erasureId: other.erasureId } }),
      'log entry: it is of another erasure',
    ],
    [
      'with another entry of the erasure',
      () => ({ entry: { action: 'attempt.finished' } }),
      'log entry: it tells of "attempt.finished", not of the end "erasure.completed_with_exceptions"',
    ],
    [
      'with an entry of another end',
      () => ({ entry: { action: 'erasure.completed' } }),
      'log entry: it tells of "erasure.completed", not of the end',
    ],
    [
      'with an entry that names no receipt',
      () => ({ entry: { details: {} } }),
      'log entry: it is of another receipt',
    ],
    ['with an entry that is not JSON', () => ({ entryText: '{' }), 'log entry: malformed: it is not JSON'],
    ['with an entry that is no entry', () => ({ entryText: '{}' }), 'log entry: malformed: action'],
    ['with a proof for another index', () => ({ log: { index: 5 } }), 'proof: it does not lead to'],
    ['with an index outside the log', () => ({ log: { index: 7 } }), 'proof: index 7 is outside a log of 7'],
    [
      'with a proof that is too short',
      () => ({ log: { proof: [] } }),
      'proof: it is no proof for index 4 of 7',
    ],
    [
      'around a checkpoint of a larger log',
      () => ({ checkpoint: { size: 9 } }),
      'proof: it is no proof for index 4 of 9',
    ],
    [
      'around a checkpoint of another log',
      () => ({ checkpoint: { root: Buffer.alloc(32).toString('base64url') } }),
      'proof: it does not lead to',
    ],
    ['with something added', () => ({ body: { note: 'x' } }), 'receipt: malformed: Unrecognized key: "note"'],
    [
      'with something added to a task',
      () => ({ body: { tasks: [{ ...task, email: 'x' }] } }),
      'receipt: malformed: tasks.0: Unrecognized key: "email"',
    ],
    [
      'with something added to the log',
      () => ({ log: { note: 'x' } }),
      'receipt: malformed: log: Unrecognized key: "note"',
    ],
    ['with something left out', () => ({ body: { reason: undefined } }), 'receipt: malformed: reason'],
    ['as another version', () => ({ body: { version: 2 } }), 'receipt: malformed: version'],
    [
      'that says an integration was reached which was not',
      () => ({
        body: { tasks: [...BODY.tasks, { ...task, state: 'FAILED', outcome: null, verdict: null }] },
      }),
      'receipt: the list "notReached" is not what the tasks say',
    ],
    [
      'that does not say what could not be verified',
      () => ({ body: { unverifiable: [] } }),
      'receipt: the list "unverifiable" is not what the tasks say',
    ],
    [
      'that leaves out an integration',
      () => ({ body: { reached: ['onelogin'] } }),
      'receipt: the list "reached" is not what the tasks say',
    ],
    [
      'that retained something without saying so',
      () => ({
        body: {
          tasks: [...BODY.tasks, { ...task, state: 'BLOCKED', outcome: 'RETAINED', ground: 'a lawsuit' }],
        },
      }),
      'receipt: the list "retained" is not what the tasks say',
    ],
    [
      'that says COMPLETED when something was not verified',
      () => ({ body: { state: 'COMPLETED' } }),
      'receipt: it says COMPLETED, and its task at vpn does not',
    ],
    [
      'that says COMPLETED when a task failed',
      () => ({
        body: {
          state: 'COMPLETED',
          tasks: [{ ...task, state: 'FAILED', verdict: 'VERIFIED_ABSENT' }],
          reached: [],
          notReached: ['learn'],
          unverifiable: [],
        },
      }),
      'receipt: it says COMPLETED, and its task at learn does not',
    ],
    [
      'that says COMPLETED when another account has appeared',
      () => ({
        body: {
          state: 'COMPLETED',
          tasks: [{ ...task, verdict: 'REAPPEARED' }],
          reached: ['learn'],
          unverifiable: [],
        },
      }),
      'receipt: it says COMPLETED, and its task at learn does not',
    ],
  ])('%s', async (_name, forgery, fault) => {
    expect(await faultOf(await forge(signer, forgery()))).toContain(fault);
  });

  test('even when the attacker has a checkpoint and a receipt of another erasure', async () => {
    expect(await faultOf(await forge(signer, { logged: other }))).toBe('log entry: it is of another erasure');
  });
});

test('a receipt that an earlier key has signed still verifies, and so does its checkpoint', async () => {
  const keys = { keys: [...signer.publicKeys.keys, ...attacker.publicKeys.keys] };
  const both = await forge(signer, { signers: { checkpoint: attacker } });
  expect((await verifyReceipt(both, keys)).body).toEqual(BODY);
});
