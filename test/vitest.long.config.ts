import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** Suites that take minutes. They need a PostgreSQL installation. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['test/**/*.long.test.ts'],
    exclude: [],
    globalSetup: ['test/support/empty-store.ts', 'test/support/postgres.ts'],
  },
});
