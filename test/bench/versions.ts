import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

const dependenciesOf = (folder: string): Record<string, string> =>
  (JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as { dependencies: Record<string, string> })
    .dependencies;

/** Of what a figure depends on: when, where, how, and on which versions. */
export function circumstances({ rounds, seconds }: { rounds: number; seconds: number }): string {
  const processors = cpus();
  const packages = { ...dependenciesOf('.'), ...dependenciesOf('test/bench/peers') };
  const versions = Object.entries(packages).map(([name, version]) => `${name} ${version}`);
  return [
    `Measured on ${new Date().toISOString().slice(0, 10)}, ${processors.length} × ${processors[0]!.model.trim()}, `,
    `Node ${process.versions.node}, medians of ${rounds} rounds of ${seconds} s. `,
    `Packages: ${versions.toSorted().join(', ')}.`,
  ].join('');
}
