import { defineConfig } from 'vitest/config';

/** Suites that drive the gateway through foreign clients, routers and audits. */
export default defineConfig({
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.clients.test.ts'],
    globalSetup: 'test/support/empty-store.ts',
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
