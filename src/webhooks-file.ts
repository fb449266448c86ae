import { z } from 'zod';
import type { Network } from './outbound/connector.ts';
import { readNamedJson } from './named-file.ts';
import { referredSecret, secretReference } from './secret-reference.ts';
import { faultsOfEndpoint, type WebhookEndpoint } from './webhooks/endpoint.ts';
import { EVENT_FAMILIES } from './webhooks/event.ts';

const TYPE = new RegExp(`^(${EVENT_FAMILIES.join('|')})\\.([a-z_]+|\\*)$`);

const entry = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,62}$/, 'must begin with a letter and be lower-case letters, digits and dashes'),
  url: z.url({ protocol: /^https?$/, error: 'must be an https URL' }),
  secret: secretReference,
  types: z
    .array(
      z.string().regex(TYPE, `must be like erasure.completed or erasure.*, of ${EVENT_FAMILIES.join(', ')}`),
    )
    .min(1, 'must name an event type, or be left out for all')
    .optional(),
});

const schema = z
  .array(entry)
  .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'two endpoints have the same id');

/** The endpoints that a file lists: an array of `{ id, url, secret, types? }`, the secret by reference. */
export function readWebhooks(
  path: string,
  { allowHttp, network }: { allowHttp: boolean; network: Network },
  environment: Readonly<Record<string, string | undefined>>,
  lines: string[],
): WebhookEndpoint[] {
  const entries = readNamedJson('WEBHOOKS_FILE', path, schema, lines) ?? [];
  return entries.map(({ id, url, secret: reference, types = null }) => {
    const secret = referredSecret('WEBHOOKS_FILE', reference, environment, lines);
    const endpoint = { id, url, secret, types, network };
    lines.push(...faultsOfEndpoint(endpoint, allowHttp).map((fault) => `WEBHOOKS_FILE ${fault}`));
    return endpoint;
  });
}
