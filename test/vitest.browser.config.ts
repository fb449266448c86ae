import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** Suites that need Debian's Chromium. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['test/**/*.browser.test.ts'],
    exclude: [],
    testTimeout: 120_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
