import type { RequestListener } from 'node:http';
import { useApolloInlineTrace } from '@graphql-yoga/plugin-apollo-inline-trace';
import type { GraphQLSchema } from 'graphql';
import pino from 'pino';
import { Documents } from '../../src/graphql/documents/documents.ts';
import { door } from '../../src/graphql/door.ts';
import { withEntities } from '../../src/graphql/entities.ts';
import { maskError } from '../../src/graphql/mask.ts';
import { PersistedDocuments } from '../../src/graphql/persisted-documents.ts';
import { protect } from '../../src/graphql/protect.ts';
import { currentRequestId } from '../../src/graphql/request-scope.ts';
import { allow } from '../../src/graphql/shield.ts';
import { GRAPHQL_PATH, yogaAround } from '../../src/graphql/yoga-around.ts';

const log = pino({ level: 'silent' });

/**
 * A subgraph served as the gateway serves its own: by its door, the limits on documents, its own reading, validating and
 * pricing of them, its `_entities`, its masking and its middleware at every field, with Yoga in the middle.
 *
 * Not the gateway's: the schema, which `@apollo/subgraph` builds; and federated tracing, by a plugin of Yoga's that the
 * gateway is not served with. Left out, since the suite shows no tokens and there are no customers: who calls, what they
 * may do and what they may spend.
 */
export function productsListener(subgraph: GraphQLSchema): RequestListener {
  const schema = withEntities(subgraph);
  const yoga = yogaAround(
    {
      schema,
      guarded: protect(schema, allow).schema,
      documents: new Documents(schema, { introspection: false }),
      persisted: new PersistedDocuments({ documents: {}, only: false }),
      charge: async () => {},
      isAllowed: () => Promise.resolve(true),
      authorise: async () => {},
      contextOf: () => ({}),
      mask: (error) => maskError(error, currentRequestId(), log),
      plugins: [useApolloInlineTrace()],
    },
    { graphiql: false, landingPage: false },
  );
  return door({
    allowedHosts: ['localhost', '127.0.0.1'],
    graphiql: false,
    corsOrigins: new Set(),
    open: [],
    log,
    routes: {
      [GRAPHQL_PATH]: {
        methods: ['POST'],
        answer: (request, response) => yoga(request, response, { viewer: null, fromRouter: true }),
      },
    },
  });
}
