import { printSubgraphSchema } from '@apollo/subgraph';
import { builder } from './builder.ts';
import { FEDERATION } from './entities.ts';
import './schema.ts';

/** The schema as a subgraph of Apollo Federation, as `_service` answers it too. */
export const subgraphSdl = (): string =>
  printSubgraphSchema(builder.toSubGraphSchema({ linkUrl: FEDERATION }));
