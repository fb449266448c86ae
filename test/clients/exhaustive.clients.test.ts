import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { extendSchema, parse, type GraphQLSchema } from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { exampleTypes } from '../support/example-types.ts';

/** What the compiler says of the examples over a schema. */
function compiledOver(over: GraphQLSchema): string {
  const folder = mkdtempSync(join(tmpdir(), 'customer-gateway-examples-'));
  for (const name of ['documents.ts', 'erasure-of.ts'])
    copyFileSync(join('examples', name), join(folder, name));
  writeFileSync(join(folder, 'schema.d.ts'), exampleTypes(over));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  const config = { extends: resolve('tsconfig.json'), include: ['*.ts'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const { stdout } = spawnSync('node_modules/.bin/tsc', ['-p', folder], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  return stdout;
}

test('the examples compile over the schema', () => {
  expect(compiledOver(schema)).toBe('');
});

test('another error of a deletion does not compile until it is handled', () => {
  const another = parse(`
    type WeekendError implements Error { message: String! }
    extend union DeleteCustomerResult = WeekendError
  `);
  expect(compiledOver(extendSchema(schema, another))).toMatch(
    /erasure-of\.ts\(\d+,\d+\): error TS2322: .*WeekendError/,
  );
});
