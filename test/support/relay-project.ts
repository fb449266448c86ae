import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const require = createRequire(import.meta.url);

const CONFIG = {
  src: '.',
  schema: './schema.graphql',
  language: 'typescript',
  artifactDirectory: './artifacts',
  customScalarTypes: { DateTime: 'string', EmailAddress: 'string' },
  persistConfig: { file: './persisted.json', algorithm: 'SHA256' },
};

/** What Relay's compiler made of documents. */
export interface RelayProject {
  exitCode: number | null;
  told: string;
  /** Artifacts by the name of their document. */
  artifacts: Record<string, string>;
  /** Texts of operations by their hash, as the gateway's file of persisted documents has them. */
  persisted: Record<string, string>;
}

/** Compiles the documents of a folder over `schema.graphql`. */
export function compileRelay(folder: string): RelayProject {
  const project = mkdtempSync(join(tmpdir(), 'customer-gateway-relay-'));
  cpSync(folder, project, { recursive: true });
  copyFileSync('schema.graphql', join(project, 'schema.graphql'));
  mkdirSync(join(project, 'artifacts'));
  writeFileSync(join(project, 'persisted.json'), '{}');
  writeFileSync(join(project, 'relay.config.json'), JSON.stringify(CONFIG));
  const compiler = require('relay-compiler') as string;
  const { status, stdout, stderr } = spawnSync(compiler, ['relay.config.json'], {
    cwd: project,
    encoding: 'utf8',
  });
  const artifacts = readdirSync(join(project, 'artifacts')).map((name) => [
    name.replace('.graphql.ts', ''),
    readFileSync(join(project, 'artifacts', name), 'utf8'),
  ]);
  const persisted = JSON.parse(readFileSync(join(project, 'persisted.json'), 'utf8')) as Record<
    string,
    string
  >;
  rmSync(project, { recursive: true });
  return { exitCode: status, told: stdout + stderr, artifacts: Object.fromEntries(artifacts), persisted };
}
