import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Options } from './options.ts';

/** When, on what, and how often something was measured. */
export function circumstances({ rounds, seconds }: Options): string {
  const processors = cpus();
  const on = `${processors.length} × ${processors[0]!.model.trim()}, Node ${process.versions.node}`;
  return `Measured on ${new Date().toISOString().slice(0, 10)}, ${on}; ${rounds} rounds of ${seconds} s where it goes by rounds.`;
}

const dependenciesOf = (folder: string): Record<string, string> =>
  (JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as { dependencies: Record<string, string> })
    .dependencies;

/** The packages of everyone who is measured. */
export function packages(): string {
  const all = { ...dependenciesOf('.'), ...dependenciesOf('test/bench/peers') };
  const versions = Object.entries(all).map(([name, version]) => `${name} ${version}`);
  return `Packages: ${versions.toSorted().join(', ')}.`;
}
