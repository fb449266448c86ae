/** Apollo Server, served as its documentation begins. */
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { ready } from '../place.ts';
import { resolvers, typeDefs } from './served.ts';

const { url } = await startStandaloneServer(new ApolloServer({ typeDefs, resolvers }), {
  listen: { port: 0, host: '127.0.0.1' },
});
ready(url);
