/** Mercurius on Fastify, with every document compiled when it is first seen. */
import { fastify } from 'fastify';
import mercurius from 'mercurius';
import { ready } from '../place.ts';
import { resolvers, typeDefs } from './served.ts';

const server = fastify();
server.register(mercurius, { schema: typeDefs, resolvers, jit: 1 });
ready(`${await server.listen({ port: 0, host: '127.0.0.1' })}/graphql`);
