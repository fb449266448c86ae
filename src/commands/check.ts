import { readConfig } from '../config.ts';
import { connect, faultsOf } from '../providers/index.ts';
import { ProviderError, type Integration } from '../providers/provider.ts';
import { table } from './table.ts';

const DEADLINE_MS = 10_000;

async function tryCredential(integration: Integration): Promise<{ ok: boolean; row: string[] }> {
  const { id, provider } = integration;
  try {
    await integration.check(AbortSignal.timeout(DEADLINE_MS));
    return { ok: true, row: [id, provider, 'ok', ''] };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { ok: false, row: [id, provider, error.code, error.reason ?? error.message] };
  } finally {
    await integration.close();
  }
}

/** Tries every integration's credential without changing anything. Exit code 1 when one fails. */
export async function check(): Promise<number> {
  const integrations = readConfig(faultsOf).integrations.map((entry) => connect(entry));
  const results = await Promise.all(integrations.map(tryCredential));
  console.log(
    table(
      ['integration', 'provider', 'credential', 'why'],
      results.map(({ row }) => row),
    ),
  );
  return results.every(({ ok }) => ok) ? 0 : 1;
}
