import { printSubgraphSchema } from '@apollo/subgraph';
import { schema } from './schema.ts';

/** The schema as a subgraph of Apollo Federation, as `_service` answers it too. */
export const subgraphSdl = (): string => printSubgraphSchema(schema);
