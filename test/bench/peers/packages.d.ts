/** What the peers use of their packages, which are installed only where they are measured. */

declare module '@apollo/server' {
  export const ApolloServer: new (options: { typeDefs: string; resolvers: object }) => object;
}

declare module '@apollo/server/standalone' {
  export function startStandaloneServer(
    server: object,
    options: { listen: { port: number; host: string } },
  ): Promise<{ url: string }>;
}

declare module 'fastify' {
  interface Fastify {
    register(plugin: unknown, options: object): Fastify;
    listen(options: { port: number; host: string }): Promise<string>;
  }
  export function fastify(): Fastify;
}

declare module 'mercurius' {
  const mercurius: unknown;
  export default mercurius;
}

declare module '@graphql-hive/gateway-runtime' {
  import type { RequestListener } from 'node:http';

  export function createGatewayRuntime(options: {
    supergraph: string;
    transports: { http: { getSubgraphExecutor: () => unknown } };
    logging: boolean;
  }): RequestListener;
}

declare module '@graphql-tools/delegate' {
  import type { GraphQLSchema } from 'graphql';

  export function createDefaultExecutor(schema: GraphQLSchema): unknown;
}

declare module '@graphql-tools/schema' {
  import type { GraphQLSchema } from 'graphql';

  export function makeExecutableSchema(options: { typeDefs: string; resolvers: object }): GraphQLSchema;
}
