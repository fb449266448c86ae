import { randomUUID } from 'node:crypto';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import type { GraphiQLOptions } from 'graphql-yoga';

/** Tabs that are ready when GraphiQL is opened; none for an empty one. */
export interface GraphiqlOptions {
  tabs: readonly { query: string; variables: string; headers: string }[];
}

/**
 * Forgets what the browser remembers of an earlier run, whose customers and tokens are no more. GraphiQL takes the
 * variables of its first tab from storage alone, and moves tabs that it has just opened.
 */
const startAnew = (
  run: string,
  variables: string,
): string => `<style>.graphiql-tab { transform: none !important; }</style>
<script>
  if (localStorage.getItem('customer-gateway:run') !== '${run}') {
    for (const key of Object.keys(localStorage)) if (key.startsWith('graphiql:')) localStorage.removeItem(key);
    localStorage.setItem('customer-gateway:run', '${run}');
    localStorage.setItem('graphiql:variables', ${JSON.stringify(variables).replaceAll('<', '\\u003c')});
    history.replaceState({}, '', location.pathname);
  }
</script>`;

/** GraphiQL as Yoga's options, with nothing from the network. Headers are kept in the browser with prepared tabs only. */
export function graphiqlPage({ tabs }: GraphiqlOptions) {
  const run = randomUUID();
  const title = 'Customer gateway';
  const empty: GraphiQLOptions = { title, method: 'POST', shouldPersistHeaders: false };
  return {
    landingPage: false,
    graphiql: (): GraphiQLOptions => {
      const [first] = tabs;
      if (!first) return empty;
      return { ...empty, shouldPersistHeaders: true, defaultTabs: [...tabs], headers: first.headers };
    },
    renderGraphiQL: (options: GraphiQLOptions): string => {
      const page = renderGraphiQL(options);
      const [first] = tabs;
      return first ? page.replace('<head>', () => `<head>${startAnew(run, first.variables)}`) : page;
    },
  };
}
