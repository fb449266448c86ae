import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Package {
  version?: string;
  dev?: boolean;
  integrity?: string;
  hasInstallScript?: boolean;
}

const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

type Versions = Record<string, string>;

const { dependencies, devDependencies } = read('package.json') as {
  dependencies: Versions;
  devDependencies: Versions;
};
const { '': _root, ...locked } = (read('package-lock.json') as { packages: Record<string, Package> })
  .packages;
const used = Object.entries(locked).filter(([, { dev }]) => !dev);

test('every dependency is pinned to one version, and its content by a hash', () => {
  const versions = Object.values({ ...dependencies, ...devDependencies });
  expect(versions.filter((version) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  expect(Object.entries(locked).filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))).toEqual([]);
});

test('nothing that the gateway runs on runs a script when it is installed', () => {
  expect(used.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path)).toEqual([]);
});

/** What npm marks a package with that only development needs. */
const DEVELOPMENT = 'cdx:npm:package:development';

interface Bom {
  bomFormat: string;
  components: { purl: string; properties?: { name: string }[] }[];
}

test('the bill of materials names everything that the gateway runs on', () => {
  const out = execFileSync('npm', ['run', '--silent', 'sbom'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const { bomFormat, components } = JSON.parse(out.toString()) as Bom;
  const named = new Set(
    components
      .filter(({ properties }) => !properties?.some(({ name }) => name === DEVELOPMENT))
      .map(({ purl }) => decodeURIComponent(purl)),
  );
  const expected = used.map(
    ([path, { version }]) => `pkg:npm/${path.split('node_modules/').at(-1)}@${version}`,
  );
  expect(bomFormat).toBe('CycloneDX');
  expect(expected.length).toBeGreaterThan(50);
  expect(expected.filter((purl) => !named.has(purl))).toEqual([]);
});
