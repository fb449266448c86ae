import { lexicographicSortSchema, printSchema } from 'graphql';
import { apiSchema } from '../graphql/api-schema.ts';
import { subgraphSdl } from '../graphql/subgraph-sdl.ts';

/** Prints the schema: for clients, or for federated routers. */
export async function printTheSchema(subgraph: boolean): Promise<number> {
  const sdl = subgraph ? subgraphSdl() : printSchema(lexicographicSortSchema(apiSchema));
  await new Promise<void>((resolve) => process.stdout.write(`${sdl}\n`, () => resolve()));
  return 0;
}
