import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Plan, PlanItem } from './plan.ts';
import { PRESENCES } from './words.ts';

/** How a fresh look at a customer differs from a plan. */
export const PLAN_CHANGES = ['APPEARED', 'GONE', 'PRESENCE', 'SIDE_EFFECTS', 'BLOCKERS'] as const;

/** One way in which it differs, at one integration. */
export interface PlanChange {
  integrationId: string;
  change: (typeof PLAN_CHANGES)[number];
  message: string;
}

/** How long a plan holds. */
const VALID_MS = 15 * 60_000;
const VERSION = 1;

const print = z.strictObject({
  at: z.string(),
  presence: z.enum(PRESENCES),
  /** Hash of the account's external id and creation mark; empty where none was seen. */
  account: z.string(),
  /** How many things of each kind the deletion concerns. */
  counts: z.record(z.string(), z.number().nullable()),
  /** Hash of their names. */
  names: z.string(),
  blockers: z.array(z.string()),
});

/** What matters of a plan's item, without anything personal. */
type Print = z.infer<typeof print>;

const token = z.strictObject({
  version: z.literal(VERSION),
  customer: z.string(),
  expires: z.number(),
  items: z.array(print),
});

const hash = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22);

const printOf = ({ integration, presence, account, sideEffects, blockers }: PlanItem): Print => ({
  at: integration.id,
  presence,
  account: account ? hash([account.externalId, account.identity]) : '',
  counts: Object.fromEntries(sideEffects.map(({ code, count }) => [code, count])),
  names: hash(sideEffects.flatMap(({ names }) => names).toSorted()),
  blockers: blockers.map(({ code }) => code).toSorted(),
});

export const expiryOf = ({ createdAt }: Plan): Date => new Date(createdAt.getTime() + VALID_MS);

/** Stands for all that matters of a plan, so that a fresh look can be held against it. Opaque to clients. */
export function planHash(plan: Plan): string {
  const { customer, items } = plan;
  const content = {
    customer: hash(customer.id),
    expires: expiryOf(plan).getTime(),
    items: items.map(printOf),
  };
  return Buffer.from(JSON.stringify({ version: VERSION, ...content })).toString('base64url');
}

/** What a hash stands for; null when it is none of this customer. */
function read(text: string, plan: Plan): z.infer<typeof token> | null {
  try {
    const read = token.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    return read.customer === hash(plan.customer.id) ? read : null;
  } catch {
    return null;
  }
}

const placeOf = ({ at, account }: Print): string => `${at} ${account}`;

/** Counts that differ, in words. */
function countsChanged(planned: Print, seen: Print): string[] {
  const codes = [...new Set([...Object.keys(planned.counts), ...Object.keys(seen.counts)])];
  return codes
    .filter((code) => planned.counts[code] !== seen.counts[code])
    .map((code) => `${code}: ${planned.counts[code] ?? 0} in the plan, ${seen.counts[code] ?? 0} now`);
}

function changesAt(planned: Print, seen: Print): PlanChange[] {
  const integrationId = seen.at;
  const changes: PlanChange[] = [];
  const add = (change: PlanChange['change'], message: string): void =>
    void changes.push({ integrationId, change, message });
  if (planned.presence !== seen.presence)
    add('PRESENCE', `${planned.presence} in the plan, ${seen.presence} now`);
  const counts = countsChanged(planned, seen);
  if (counts.length > 0) add('SIDE_EFFECTS', counts.join('; '));
  else if (planned.names !== seen.names)
    add('SIDE_EFFECTS', 'The same number of things, and not the same ones');
  if (planned.blockers.join() !== seen.blockers.join())
    add(
      'BLOCKERS',
      `Now ${seen.blockers.join(', ') || 'none'}, and not ${planned.blockers.join(', ') || 'none'}`,
    );
  return changes;
}

/** Whether the deletion would concern other things than it would have by the plan that a hash stands for. */
export function sideEffectsChanged(text: string, fresh: Plan): boolean {
  const planned = read(text, fresh);
  const after = new Map(fresh.items.map(printOf).map((one) => [placeOf(one), one]));
  return !planned?.items.every((one) => {
    const seen = after.get(placeOf(one));
    return !seen || changesAt(one, seen).every(({ change }) => change !== 'SIDE_EFFECTS');
  });
}

/** How a fresh look differs from the plan that a hash stands for; null when it stands for none, or for one that has expired. */
export function driftFrom(text: string, fresh: Plan, now: Date): PlanChange[] | null {
  const planned = read(text, fresh);
  if (!planned || planned.expires <= now.getTime()) return null;
  const before = new Map(planned.items.map((one) => [placeOf(one), one]));
  const after = new Map(fresh.items.map(printOf).map((one) => [placeOf(one), one]));
  const appeared = [...after]
    .filter(([where]) => !before.has(where))
    .map(([, { at: integrationId }]) => {
      return { integrationId, change: 'APPEARED' as const, message: 'The plan did not see this' };
    });
  const gone = [...before]
    .filter(([where]) => !after.has(where))
    .map(([, { at: integrationId }]) => {
      return {
        integrationId,
        change: 'GONE' as const,
        message: 'The plan saw something that is not there now',
      };
    });
  const changed = [...after].flatMap(([where, seen]) => {
    const known = before.get(where);
    return known ? changesAt(known, seen) : [];
  });
  return [...appeared, ...gone, ...changed];
}
