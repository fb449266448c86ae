import { expect } from 'vitest';
import type { ProviderErrorCode } from '../../../src/providers/provider.ts';
import type { Fault } from '../../../src/sandbox/fault.ts';
import type { Bench } from '../bench.ts';
import type { Requirement } from '../requirement.ts';

type Meaning = Record<'find' | 'delete', ProviderErrorCode>;

const both = (code: ProviderErrorCode): Meaning => ({ find: code, delete: code });

/** That a status has a meaning, in the vendor's own form, with an empty body and as a page of something between. */
async function means(bench: Bench, status: number, meaning: Partial<Meaning>): Promise<void> {
  const forms: Partial<Fault>[] = [
    { body: bench.profile.errorBody(status) },
    { text: '' },
    { text: '<html><body>An error occurred.</body></html>', headers: { 'content-type': 'text/html' } },
  ];
  for (const operation of ['find', 'delete'] as const) {
    for (const form of meaning[operation] ? forms : []) {
      const { code, error } = await bench.disturbed(operation, { kind: 'STATUS', status, ...form });
      expect({ status, operation, form, code }).toEqual({
        status,
        operation,
        form,
        code: meaning[operation],
      });
      expect(error?.status).toBe(status);
    }
  }
}

const status = (id: string, numbers: number[], words: string, meaning: Meaning): Requirement => ({
  id,
  name: `MUST read ${numbers.join(', ')} as ${words}`,
  async check(bench) {
    for (const number of numbers) await means(bench, number, meaning);
  },
});

/** 404 as it comes from what stands before a vendor, or from a path that the vendor does not serve. */
const NOT_OF_AN_ACCOUNT: Partial<Fault>[] = [
  { text: '' },
  { text: '<html><body><h1>404 Not Found</h1></body></html>', headers: { 'content-type': 'text/html' } },
  { text: 'Cannot GET /elsewhere' },
  { body: {} },
  { body: { message: 'no Route matched with those values' } },
  { body: { statusCode: 404, message: 'Cannot GET /elsewhere', error: 'Not Found' } },
  { body: { timestamp: '2025-01-01T00:00:00.000Z', status: 404, error: 'Not Found', path: '/elsewhere' } },
  { body: { error: 'not_found' } },
];

/** What the status of an answer means. */
export const statuses: readonly Requirement[] = [
  status('C3A6', [400, 422], 'INVALID', both('INVALID')),
  status('07D1', [401], 'UNAUTHENTICATED', both('UNAUTHENTICATED')),
  status('9B3F', [403], 'FORBIDDEN', both('FORBIDDEN')),
  {
    id: '5E82',
    name: "MUST read 404 to a delete, in the vendor's own form, as NOT_FOUND",
    async check(bench) {
      const body = bench.profile.errorBody(404);
      const { code } = await bench.disturbed('delete', { kind: 'STATUS', status: 404, body });
      expect(code).toBe('NOT_FOUND');
    },
  },
  {
    id: 'AD40',
    name: 'MUST NOT read 404 of a proxy or router as the absence of an account',
    async check(bench) {
      for (const operation of ['find', 'delete'] as const) {
        for (const form of NOT_OF_AN_ACCOUNT) {
          const { code } = await bench.disturbed(operation, { kind: 'STATUS', status: 404, ...form });
          expect({ operation, form, code }).toEqual({ operation, form, code: 'UNEXPECTED_RESPONSE' });
        }
      }
    },
  },
  status('64E9', [409], 'CONFLICT', both('CONFLICT')),
  status('F82B', [429], 'RATE_LIMITED', both('RATE_LIMITED')),
  status('1D5C', [500, 502, 504, 408], 'UNAVAILABLE for a lookup and OUTCOME_UNKNOWN for a delete', {
    find: 'UNAVAILABLE',
    delete: 'OUTCOME_UNKNOWN',
  }),
  status('B7A0', [503], 'UNAVAILABLE', both('UNAVAILABLE')),
  status('3E16', [405, 418, 451], 'UNEXPECTED_RESPONSE', both('UNEXPECTED_RESPONSE')),
  {
    id: 'DA27',
    name: "MUST read the vendor's own errors by their bodies before their status",
    async check(bench) {
      for (const { status, body, code } of bench.profile.ownErrors) {
        const outcome = await bench.disturbed('delete', { kind: 'STATUS', status, body });
        expect({ body, code: outcome.code }).toEqual({ body, code });
      }
    },
  },
  {
    id: '42B5',
    name: 'MUST NOT follow a redirect',
    async check(bench) {
      for (const status of [301, 302, 303, 307, 308]) {
        for (const operation of ['find', 'delete'] as const) {
          const fault = { kind: 'STATUS', status, text: '', headers: { location: '/elsewhere' } } as const;
          const { code } = await bench.disturbed(operation, fault);
          expect(code).toBe('UNEXPECTED_RESPONSE');
          const paths = (await bench.vendor.ledger()).map(({ path }) => path);
          expect(paths).not.toContain('/elsewhere');
        }
      }
    },
  },
];
