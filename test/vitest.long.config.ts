import { defineConfig } from 'vitest/config';
import { mutants } from './access/mutants.ts';
import base from './vitest.config.ts';

const MUTATED = 'test/**/*.mutants.long.test.ts';

const long = {
  ...base.test,
  include: ['test/**/*.long.test.ts'],
  exclude: [MUTATED, 'test/**/*.clients.test.ts'],
  globalSetup: ['test/support/empty-store.ts', 'test/support/postgres.ts'],
};

/** Suites that take minutes. They need a PostgreSQL installation, but for those whose sources are mutated. */
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      { ...base, test: { ...long, name: 'long' } },
      {
        ...base,
        plugins: [mutants()],
        test: { ...base.test, include: [MUTATED], exclude: [], name: 'mutants' },
      },
    ],
  },
});
