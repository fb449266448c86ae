import { inspect } from 'node:util';
import { expect } from 'vitest';
import { Secret } from '../../../src/providers/secret.ts';
import type { Fault } from '../../../src/sandbox/fault.ts';
import { patiently, type Bench } from '../bench.ts';
import { outcomeOf } from '../outcome.ts';
import type { Requirement } from '../requirement.ts';

const DEADLINE_MS = 30;

const FAULTS: Fault[] = [
  ...[400, 401, 403, 404, 409, 429, 500, 503].map((status) => ({ kind: 'STATUS' as const, status })),
  ...(['GARBAGE', 'WRONG_TYPE', 'TRUNCATED'] as const).map((kind) => ({ kind, status: 200 })),
  { kind: 'RESET_BEFORE' },
  { kind: 'HANG' },
];

/** Errors of lookups, deletes and, where there are any, token calls. */
async function errorsOf(bench: Bench): Promise<Error[]> {
  const errors: Error[] = [];
  const keep = (error: Error | undefined): void => {
    expect(error).toBeInstanceOf(Error);
    errors.push(error!);
  };
  for (const fault of FAULTS) {
    for (const operation of ['find', 'delete'] as const) {
      keep((await bench.disturbed(operation, fault, fault.kind === 'HANG' ? DEADLINE_MS : undefined)).error);
    }
    const { token } = bench.profile.requests;
    if (!token || fault.kind === 'HANG') continue;
    await bench.vendor.fault({ ...fault, ...token });
    keep((await outcomeOf(bench.find(bench.subject.keys[0]!))).error);
    await bench.vendor.fault();
  }
  const refused = bench.open(bench.profile.wrongCredential);
  keep((await outcomeOf(bench.find(bench.subject.keys[0]!, refused))).error);
  return errors;
}

/** Every text of which an error consists, to the bottom of its causes. */
function textsOf(error: unknown): string[] {
  const causes = error instanceof Error && error.cause !== undefined ? textsOf(error.cause) : [];
  const shown = inspect(error, { depth: Infinity, showHidden: true, getters: true });
  const own = error instanceof Error ? [error.message, error.stack ?? ''] : [];
  return [...own, String(error), shown, JSON.stringify(error) ?? '', ...causes];
}

/** The secrets of the settings, plain and as they go over the wire, and the tokens that the vendor has issued. */
async function secretsOf(bench: Bench): Promise<string[]> {
  const objects = [bench.config.settings as object, bench.profile.wrongCredential];
  const settings: unknown[] = objects.flatMap((one) => Object.values(one));
  const secrets = settings.flatMap((value) => (value instanceof Secret ? [value.reveal()] : []));
  const texts = settings.filter((value) => typeof value === 'string');
  const basic = texts.flatMap((text) =>
    secrets.map((secret) => Buffer.from(`${text}:${secret}`).toString('base64')),
  );
  const { tokens = [] } = await bench.vendor.state<{ tokens?: { token: string }[] }>();
  return [...secrets, ...basic, ...tokens.map(({ token }) => token)];
}

/** What errors never say. */
export const secrecy: readonly Requirement[] = [
  {
    id: 'BF19',
    name: 'MUST send a credential with every call',
    async check(bench) {
      const { integration, account } = await bench.ready();
      await integration.inspect(account, patiently());
      await integration.delete(account, patiently());
      await integration.verify(account, patiently());
      await integration.check(patiently());
      const { token } = bench.profile.requests;
      const calls = (await bench.vendor.ledger()).filter(
        ({ path }) => !token || !path.startsWith(token.path),
      );
      expect(calls.filter(({ authorization }) => !authorization)).toEqual([]);
      expect(calls.length).toBeGreaterThanOrEqual(3);
    },
  },
  {
    id: '4A8E',
    name: 'MUST NOT show a credential anywhere in an error',
    async check(bench) {
      const errors = await errorsOf(bench);
      await bench.ready();
      const secrets = await secretsOf(bench);
      expect(secrets.length).toBeGreaterThan(1);
      for (const text of errors.flatMap(textsOf)) {
        expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
      }
    },
  },
  {
    id: '73D6',
    name: 'MUST NOT name the customer or the path in the message of an error',
    async check(bench) {
      const { keys, externalId } = bench.subject;
      const names = [externalId, ...keys.map(({ value }) => value)];
      const never = [...names, ...names.map(encodeURIComponent), '/', '?', '127.0.0.1'];
      for (const { message } of await errorsOf(bench)) {
        expect({ message, names: never.filter((name) => message.includes(name)) }).toEqual({
          message,
          names: [],
        });
      }
    },
  },
];
