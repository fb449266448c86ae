import { readConfig } from '../config.ts';
import { connect, faultsOf } from '../providers/index.ts';
import { examine, type Health, type Integration } from '../providers/provider.ts';
import { table } from './table.ts';

const DEADLINE_MS = 10_000;

const HEADINGS = [
  'integration',
  'provider',
  'reachable',
  'authenticated',
  'may delete',
  'limit left',
  'clock skew',
  'why',
];

const word = (known: boolean | null): string => (known === null ? 'unknown' : known ? 'yes' : 'no');

/** Seconds with their sign, such as `+2 s`. */
const skew = (ms: number): string => `${ms > 0 ? '+' : ''}${Math.round(ms / 1000)} s`;

function rowOf({ id, provider }: Integration, health: Health): string[] {
  const { reachable, authenticated, mayDelete, rateLimitLeft, clockSkewMs, why } = health;
  const left = rateLimitLeft === null ? 'unknown' : String(rateLimitLeft);
  const clock = clockSkewMs === null ? 'unknown' : skew(clockSkewMs);
  return [id, provider, word(reachable), word(authenticated), word(mayDelete), left, clock, why ?? ''];
}

const isFit = ({ reachable, authenticated, mayDelete }: Health): boolean =>
  reachable !== false && authenticated !== false && mayDelete !== false;

async function tryOut(integration: Integration): Promise<{ fit: boolean; row: string[] }> {
  try {
    const health = await examine(integration, AbortSignal.timeout(DEADLINE_MS));
    return { fit: isFit(health), row: rowOf(integration, health) };
  } finally {
    await integration.close();
  }
}

/** Tries every integration and its credential without changing anything. Exit code 1 when one is not fit to delete. */
export async function check(): Promise<number> {
  const integrations = readConfig(faultsOf).integrations.map((entry) => connect(entry));
  const results = await Promise.all(integrations.map(tryOut));
  console.log(
    table(
      HEADINGS,
      results.map(({ row }) => row),
    ),
  );
  return results.every(({ fit }) => fit) ? 0 : 1;
}
