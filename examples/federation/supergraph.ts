import { subgraphSdl } from '../../src/graphql/subgraph-sdl.ts';
import { compose } from './compose.ts';
import { listen } from './listen.ts';
import { ordersSdl, ordersSubgraph, type OrdersOptions } from './orders.ts';
import { startRouter } from './router.ts';

/** Two subgraphs behind a router. */
export interface Supergraph {
  /** Where the router answers. */
  url: string;
  ordersUrl: string;
  /** What composition found to remark. */
  hints: string[];
  close(): Promise<void>;
}

/** Puts orders beside a gateway that runs, and a router before both. */
export async function startSupergraph(options: OrdersOptions, port: number): Promise<Supergraph> {
  const orders = await listen(ordersSubgraph(options), 0);
  const { supergraphSdl, hints } = compose([
    { name: 'customers', url: options.gatewayUrl, sdl: subgraphSdl() },
    { name: 'orders', url: orders.url, sdl: ordersSdl },
  ]);
  const router = await startRouter(supergraphSdl, options.routerToken);
  const { url, close } = await listen(router.listener, port);
  return {
    url,
    ordersUrl: orders.url,
    hints,
    async close() {
      await close();
      await router.stop();
      await orders.close();
    },
  };
}
