import { defineConfig } from 'vitest/config';

/** Suites that need Node and npm alone. */
export default defineConfig({
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [
      '**/node_modules/**',
      'test/**/*.postgres.test.ts',
      'test/**/*.browser.test.ts',
      'test/**/*.clients.test.ts',
      'test/**/*.long.test.ts',
    ],
    globalSetup: 'test/support/empty-store.ts',
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
