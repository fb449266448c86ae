import { namesPrivateAddress, type Network } from '../outbound/connector.ts';
import { engagelab } from './engagelab.ts';
import { openGate, type Gate } from './gate.ts';
import { openHttp } from './http.ts';
import { learn } from './learn.ts';
import { onelogin } from './onelogin.ts';
import { particle } from './particle.ts';
import type { Integration, Manifest, Provider, RateLimit } from './provider.ts';
import { withSharedReads } from './shared-reads.ts';
import { vpn } from './vpn.ts';

/** Every provider the gateway knows. A new one is a line here. */
export const providers = [particle, engagelab, learn, vpn, onelogin] as unknown as readonly Provider[];

/** One entry of the integrations file, its secrets already put in place. */
export interface IntegrationConfig {
  id: string;
  provider: string;
  settings: unknown;
  limits?: LimitSettings | undefined;
  /** External ids of accounts that are never deleted. */
  protected?: readonly string[] | undefined;
  /** Where its provider may be; on the public Internet unless given. */
  network?: Network | undefined;
}

/** How much one integration is asked. */
export interface LimitSettings {
  /** In place of what the provider documents. */
  rateLimit?: RateLimit | undefined;
  /** Calls at the same time. */
  concurrency?: number | undefined;
}

/** Values that no account here can have as its external id, so that listing them would protect nobody. */
function unlikeIds({ keys, externalIdKind }: Manifest, values: readonly string[]): string[] {
  const rule = keys.find(({ kind }) => kind === externalIdKind);
  return values.filter((value) => rule && !rule.pattern.test(value));
}

/** What is wrong with an entry, in one line each; none when it can be opened. */
export function faultsOf(
  { id, provider: name, settings, protected: protectedIds = [], network = 'PUBLIC' }: IntegrationConfig,
  allowHttp: boolean,
): string[] {
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
  const impossible = unlikeIds(provider.manifest(parsed.data), protectedIds);
  const faults = impossible.map(
    (value) => `${id}: protected: ${JSON.stringify(value)} is no external id here`,
  );
  const url = provider.baseUrl(parsed.data);
  if (!allowHttp && !url.startsWith('https:'))
    faults.push(`${id}: the provider must be reached by https, or UNSAFE_ALLOW_HTTP_PROVIDERS be true`);
  if (network === 'PUBLIC' && namesPrivateAddress(url))
    faults.push(`${id}: the provider's address is private; UNSAFE_ALLOW_PRIVATE_PROVIDERS would allow it`);
  const { username, password, search, hash } = new URL(url);
  if (username || password || search || hash)
    faults.push(`${id}: the base URL must have neither user name, password, query nor fragment`);
  return faults;
}

/** Makes the gate of an integration. */
export type GateOf = (id: string, provider: string, limits: LimitSettings) => Gate;

/** Opens one configured account, which has no faults. */
export function connect(
  {
    id,
    provider: name,
    settings: raw,
    limits,
    protected: protectedIds = [],
    network = 'PUBLIC',
  }: IntegrationConfig,
  gateOf?: GateOf,
): Integration {
  const provider = providers.find((candidate) => candidate.id === name)!;
  const settings = provider.settings.parse(raw);
  const manifest = provider.manifest(settings);
  const rateLimit = limits?.rateLimit ?? manifest.rateLimit;
  const gate = gateOf?.(id, provider.id, { ...limits, rateLimit: rateLimit ?? undefined }) ?? openGate;
  const http = openHttp(provider.id, provider.baseUrl(settings), network, gate);
  const operations = provider.connect(settings, http);
  const close = (): Promise<void> => http.close();
  const named = { id, provider: provider.id, protectedIds };
  const shared = withSharedReads(provider.id, operations);
  return Object.assign(operations, shared, named, { manifest, gate, rateLimit, close });
}
