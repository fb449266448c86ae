/** Hive Gateway before one subgraph, which is in the same process and called without HTTP. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { createDefaultExecutor } from '@graphql-tools/delegate';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { compose } from '../../../examples/federation/compose.ts';
import { ready } from '../place.ts';
import { resolvers, typeDefs } from './served.ts';

const { supergraphSdl } = compose([{ name: 'customers', url: 'http://localhost/', sdl: typeDefs }]);
const executor = createDefaultExecutor(makeExecutableSchema({ typeDefs, resolvers }));
const server = createServer(
  createGatewayRuntime({
    supergraph: supergraphSdl,
    transports: { http: { getSubgraphExecutor: () => executor } },
    logging: false,
  }),
);
server.listen(0, '127.0.0.1', () => {
  ready(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`);
});
