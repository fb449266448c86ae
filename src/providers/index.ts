import { engagelab } from './engagelab.ts';
import { openGate, type Gate } from './gate.ts';
import { openHttp } from './http.ts';
import { learn } from './learn.ts';
import { onelogin } from './onelogin.ts';
import { particle } from './particle.ts';
import type { Integration, Provider, RateLimit } from './provider.ts';
import { vpn } from './vpn.ts';

/** Every provider the gateway knows. A new one is a line here. */
export const providers = [particle, engagelab, learn, vpn, onelogin] as unknown as readonly Provider[];

/** One entry of the integrations file, its secrets already put in place. */
export interface IntegrationConfig {
  id: string;
  provider: string;
  settings: unknown;
  limits?: LimitSettings | undefined;
}

/** How much one integration is asked. */
export interface LimitSettings {
  /** In place of what the provider documents. */
  rateLimit?: RateLimit | undefined;
  /** Calls at the same time. */
  concurrency?: number | undefined;
}

/** What is wrong with an entry, in one line each; none when it can be opened. */
export function faultsOf({ id, provider: name, settings }: IntegrationConfig, allowHttp: boolean): string[] {
  const provider = providers.find((candidate) => candidate.id === name);
  if (!provider)
    return [
      `${id}: there is no provider ${JSON.stringify(name)}; there are ${providers.map((p) => p.id).join(', ')}`,
    ];
  const parsed = provider.settings.safeParse(settings);
  if (!parsed.success)
    return parsed.error.issues.map(
      ({ path, message }) => `${id}: ${['settings', ...path].join('.')}: ${message}`,
    );
  if (allowHttp || provider.baseUrl(parsed.data).startsWith('https:')) return [];
  return [`${id}: the provider must be reached by https, or UNSAFE_ALLOW_HTTP_PROVIDERS be true`];
}

/** Makes the gate of an integration. */
export type GateOf = (id: string, provider: string, limits: LimitSettings) => Gate;

/** Opens one configured account, which has no faults. */
export function connect(
  { id, provider: name, settings: raw, limits }: IntegrationConfig,
  gateOf?: GateOf,
): Integration {
  const provider = providers.find((candidate) => candidate.id === name)!;
  const settings = provider.settings.parse(raw);
  const manifest = provider.manifest(settings);
  const rateLimit = limits?.rateLimit ?? manifest.rateLimit;
  const gate = gateOf?.(id, provider.id, { ...limits, rateLimit: rateLimit ?? undefined }) ?? openGate;
  const http = openHttp(provider.id, provider.baseUrl(settings), gate);
  const operations = provider.connect(settings, http);
  const close = (): Promise<void> => http.close();
  return Object.assign(operations, { id, provider: provider.id, manifest, gate, rateLimit, close });
}
