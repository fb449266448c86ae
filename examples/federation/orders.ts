import type { RequestListener } from 'node:http';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { createYoga, type Plugin, type YogaInitialContext } from 'graphql-yoga';
import { RouterTokens } from '../../src/access/router-token.ts';
import { MOST_CUSTOMERS, reachable } from './reachable.ts';

/** The subgraph in the schema definition language, as it is composed. */
export const ordersSdl = /* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.6", import: ["@key"])

  type Query {
    "The latest orders of the customers that are yours, at most ${MOST_CUSTOMERS}."
    orders: [Order!]!
  }

  "What a customer bought."
  type Order @key(fields: "id") {
    "Number of the order."
    id: ID!
    "What was bought."
    product: String!
    "Price in euro cents."
    priceCents: Int!
    "Who bought it."
    customer: Customer
  }

  type Customer @key(fields: "id") {
    id: ID!
    "What the customer bought, the latest first."
    orders: [Order!]!
  }
`;

export interface Order {
  id: string;
  product: string;
  priceCents: number;
  customerId: string;
}

export interface OrdersOptions {
  /** The latest first. */
  orders: readonly Order[];
  gatewayUrl: string;
  routerToken: string;
}

/** Only the router is let in: it asks about no customer whom the gateway did not show it. */
function useRouterToken(routerToken: string): Plugin {
  const tokens = new RouterTokens([routerToken]);
  const isRouter = (header: string | null): boolean => {
    try {
      return tokens.accept(header === null ? [] : [header]);
    } catch {
      return false;
    }
  };
  return {
    onRequest({ request, endResponse, fetchAPI }) {
      if (!isRouter(request.headers.get('router-authorization')))
        endResponse(new fetchAPI.Response(null, { status: 401 }));
    },
  };
}

function resolversFor({ orders, gatewayUrl }: OrdersOptions) {
  const latest = orders.slice(0, MOST_CUSTOMERS);
  const customerOf = (id: string) => ({ __typename: 'Customer', id });
  return {
    Query: {
      orders: async (_root: unknown, _args: unknown, { request }: YogaInitialContext) => {
        const ids = [...new Set(latest.map(({ customerId }) => customerId))];
        const theirs = await reachable(gatewayUrl, request.headers.get('authorization'), ids);
        return latest.filter(({ customerId }) => theirs.has(customerId));
      },
    },
    Order: {
      __resolveReference: ({ id }: Pick<Order, 'id'>) => orders.find((order) => order.id === id),
      customer: ({ customerId }: Order) => customerOf(customerId),
    },
    Customer: {
      __resolveReference: ({ id }: { id: string }) => customerOf(id),
      orders: ({ id }: { id: string }) => orders.filter(({ customerId }) => customerId === id),
    },
  };
}

/** The shop's orders as a subgraph. */
export const ordersSubgraph = (options: OrdersOptions): RequestListener =>
  createYoga({
    schema: buildSubgraphSchema({ typeDefs: parse(ordersSdl), resolvers: resolversFor(options) as never }),
    graphiql: false,
    landingPage: false,
    logging: false,
    plugins: [useRouterToken(options.routerToken)],
  });
