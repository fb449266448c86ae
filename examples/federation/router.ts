import { createHash } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { createYoga, maskError, type MaskError, type Plugin, type YogaInitialContext } from 'graphql-yoga';

type Asked = RemoteGraphQLDataSource<YogaInitialContext>;
type FetcherResponse = Parameters<Asked['errorFromResponse']>[0];

/** A subgraph that is asked with the user's token and with the router's own. */
class Subgraph extends RemoteGraphQLDataSource<YogaInitialContext> {
  readonly #routerToken: string;

  constructor(url: string, routerToken: string) {
    super({ url });
    this.#routerToken = routerToken;
  }

  override willSendRequest({ request, context }: Parameters<NonNullable<Asked['willSendRequest']>>[0]): void {
    const headers = request.http!.headers;
    const authorization = (context as YogaInitialContext).request.headers.get('authorization');
    headers.set('accept', 'application/json');
    headers.set('router-authorization', `Bearer ${this.#routerToken}`);
    if (authorization !== null) headers.set('authorization', authorization);
  }

  /** What the subgraph said; by default it would be told where the subgraph is, too. */
  override async errorFromResponse(response: FetcherResponse): Promise<GraphQLError> {
    const body = (await this.parseBody(response)) as { errors?: GraphQLFormattedError[] };
    const { message, extensions } = body.errors?.[0] ?? { message: 'A subgraph refused to answer.' };
    return new GraphQLError(message, { ...(extensions && { extensions }) });
  }
}

/** Subgraphs mask their own errors; whatever else goes wrong is masked here. */
const tell: MaskError = (error, message) =>
  error instanceof GraphQLError && 'serviceName' in error.extensions
    ? new GraphQLError(error.message, { path: error.path ?? null, extensions: error.extensions })
    : maskError(error, message);

/** What the router looks at of a request. */
type Executed = Parameters<ApolloGateway['executor']>[0];

/** Lets the router plan and execute what Yoga has parsed and validated. */
const useGateway = (gateway: ApolloGateway): Plugin<YogaInitialContext> => ({
  onExecute({ setExecuteFn }) {
    setExecuteFn(({ document, operationName, variableValues, contextValue, schema }) => {
      const source = (contextValue as YogaInitialContext).params.query!;
      return gateway.executor({
        document,
        schema,
        source,
        queryHash: createHash('sha256').update(source).digest('hex'),
        context: contextValue,
        request: { query: source, operationName, variables: variableValues },
        operationName,
        metrics: {},
      } as Executed);
    });
  },
});

/** A router that is ready to serve a supergraph. */
export interface Router {
  listener: RequestListener;
  stop(): Promise<void>;
}

/** A router over the subgraphs that a supergraph names. */
export async function startRouter(supergraphSdl: string, routerToken: string): Promise<Router> {
  const gateway = new ApolloGateway({
    supergraphSdl,
    buildService: ({ url }) => new Subgraph(url!, routerToken),
  });
  const { schema } = await gateway.load();
  const listener = createYoga({
    schema,
    graphiql: false,
    landingPage: false,
    logging: false,
    maskedErrors: { maskError: tell },
    plugins: [useGateway(gateway)],
  });
  return { listener, stop: () => gateway.stop() };
}
