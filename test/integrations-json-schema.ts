import { z } from 'zod';
import { integrationEntry } from '../src/integrations-file.ts';
import { providers } from '../src/providers/index.ts';
import { Secret } from '../src/providers/secret.ts';
import { secretReference } from '../src/secret-reference.ts';

type Override = NonNullable<NonNullable<Parameters<typeof z.toJSONSchema>[1]>['override']>;

const { $schema: _draft, ...reference } = z.toJSONSchema(secretReference);

const isSecret = (schema: z.core.$ZodType): boolean =>
  schema._zod.def.type === 'custom' && z.safeParse(schema, new Secret('')).success;

/** A secret stands in the file by reference. */
const byReference: Override = ({ zodSchema, jsonSchema }) => {
  if (isSecret(zodSchema)) Object.assign(jsonSchema, reference);
};

const entryOf = ({ id, settings }: (typeof providers)[number]) =>
  integrationEntry.extend({
    provider: z.literal(id).describe('Kind of provider'),
    settings: settings as z.ZodType<object>,
  });

/** The JSON Schema of the integrations file, as editors read it (draft 7, the one that all of them know). */
export function integrationsJsonSchema(): object {
  const [first, ...rest] = providers.map(entryOf);
  const file = z
    .array(z.discriminatedUnion('provider', [first!, ...rest]))
    .min(1)
    .describe('The integrations of a customer gateway, the file that INTEGRATIONS_FILE names');
  return z.toJSONSchema(file, {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
    override: byReference,
  });
}
