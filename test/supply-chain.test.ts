import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** The project, and what has packages of its own. */
const FOLDERS = ['.', 'test/subgraph-compatibility', 'test/bench/peers'];

interface Package {
  version?: string;
  dev?: boolean;
  integrity?: string;
  hasInstallScript?: boolean;
}

const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

type Versions = Record<string, string>;

const lockedIn = (folder: string): [string, Package][] => {
  const { packages } = read(`${folder}/package-lock.json`) as { packages: Record<string, Package> };
  return Object.entries(packages).filter(([path]) => path !== '');
};

const used = lockedIn('.').filter(([, { dev }]) => !dev);

test.each(FOLDERS)('every dependency of %s is pinned to one version, and its content by a hash', (folder) => {
  const { dependencies, devDependencies } = read(`${folder}/package.json`) as Record<string, Versions>;
  const versions = Object.values({ ...dependencies, ...devDependencies });
  expect(versions.length).toBeGreaterThan(0);
  expect(versions.filter((version) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  expect(lockedIn(folder).filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))).toEqual([]);
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
