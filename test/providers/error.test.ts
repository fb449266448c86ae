import { inspect } from 'node:util';
import pino from 'pino';
import { expect, test } from 'vitest';
import { ProviderError } from '../../src/providers/provider.ts';

test("a provider's own words are for who asks for them, and in no log", () => {
  const reason = 'ada.abel@example.com is not deletable';
  const error = new ProviderError('CONFLICT', { provider: 'VPN', operation: 'delete', status: 409, reason });
  const lines: string[] = [];
  pino({}, { write: (line: string) => void lines.push(line) }).warn({ err: error }, 'failed');
  expect(error.reason).toBe(reason);
  expect([...lines, inspect(error), JSON.stringify(error)].join('\n')).not.toContain('ada.abel');
  expect(lines[0]).toContain('VPN delete');
});
