import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Selection } from './selection.ts';

/** How long a preview holds. */
const VALID_MS = 15 * 60_000;
const VERSION = 1;
/** 66 bits a customer. */
const PRINT_LENGTH = 11;
const PRINT = new RegExp(`.{${PRINT_LENGTH}}`, 'g');

/** What a preview is of, and for whom. */
export interface PreviewOf {
  /** Who confirms it. */
  subject: string;
  selection: Selection;
  /** The bulk that is to be approved; null for one that is to be asked for. */
  bulkId: string | null;
}

/** How the customers that are selected now differ from those of a preview. */
export interface Drift {
  /** Customers that the preview did not count. */
  more: number;
  /** Customers that it counted and that are not selected any more. */
  fewer: number;
}

const token = z.strictObject({
  version: z.literal(VERSION),
  of: z.string(),
  expires: z.number(),
  /** A print of each customer, one after the other. */
  customers: z.string(),
});

const digest = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url');

function digestOf({ subject, selection, bulkId }: PreviewOf): string {
  const { customerIds, filter, integrationIds } = selection;
  const where = integrationIds && [...new Set(integrationIds)].sort();
  return digest([subject, bulkId, customerIds === null, filter?.testCustomer, filter?.managerId, where]);
}

const printsOf = (ids: readonly string[]): string[] => ids.map((id) => digest(id).slice(0, PRINT_LENGTH));

export const expiryOf = (createdAt: Date): Date => new Date(createdAt.getTime() + VALID_MS);

/** Stands for exactly these customers, where, and for whom. Opaque to clients. */
export function previewHash(of: PreviewOf, customerIds: readonly string[], createdAt: Date): string {
  const expires = expiryOf(createdAt).getTime();
  const content = { of: digestOf(of), expires, customers: printsOf(customerIds).join('') };
  return Buffer.from(JSON.stringify({ version: VERSION, ...content })).toString('base64url');
}

function read(text: string, of: PreviewOf): z.infer<typeof token> | null {
  try {
    const read = token.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    return read.of === digestOf(of) ? read : null;
  } catch {
    return null;
  }
}

/** How customers differ from those that a hash stands for; null when it stands for no such preview, or for one that has expired. */
export function driftSince(
  text: string,
  of: PreviewOf,
  customerIds: readonly string[],
  now: Date,
): Drift | null {
  const known = read(text, of);
  if (!known || known.expires <= now.getTime()) return null;
  const before = new Set(known.customers.match(PRINT));
  const after = new Set(printsOf(customerIds));
  return {
    more: [...after].filter((print) => !before.has(print)).length,
    fewer: [...before].filter((print) => !after.has(print)).length,
  };
}
