import { writeFileSync } from 'node:fs';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { apiSchema } from '../src/graphql/api-schema.ts';
import { integrationsJsonSchema } from './integrations-json-schema.ts';
import { exampleTypes } from './support/example-types.ts';

writeFileSync('schema.graphql', `${printSchema(lexicographicSortSchema(apiSchema))}\n`);
writeFileSync('docs/integrations.schema.json', `${JSON.stringify(integrationsJsonSchema(), null, 2)}\n`);
writeFileSync('examples/schema.d.ts', exampleTypes(apiSchema));
