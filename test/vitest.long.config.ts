import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** Suites that take minutes. */
export default defineConfig({
  ...base,
  test: { ...base.test, include: ['test/**/*.long.test.ts'], exclude: [], maxConcurrency: 2 },
});
