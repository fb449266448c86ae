import { randomUUID } from 'node:crypto';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import type { GraphiQLOptions } from 'graphql-yoga';
import { actingAs, type NamedToken } from './graphiql-acting-as.ts';

/** Tabs that are ready when GraphiQL is opened, and whose tokens it may use; none for an empty one. */
export interface GraphiqlOptions {
  tabs: readonly { query: string; variables: string }[];
  tokens: readonly NamedToken[];
}

/**
 * Forgets what the browser remembers of an earlier run, whose customers are no more. GraphiQL takes the
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

/** GraphiQL as Yoga's options, with nothing from the network. No token is kept in the browser. */
export function graphiqlPage({ tabs, tokens }: GraphiqlOptions) {
  const run = randomUUID();
  const title = 'Customer gateway';
  const empty: GraphiQLOptions = { title, method: 'POST', shouldPersistHeaders: false };
  return {
    landingPage: false,
    graphiql: (): GraphiQLOptions => {
      return tabs.length > 0 ? { ...empty, defaultTabs: [...tabs] } : empty;
    },
    renderGraphiQL: (options: GraphiQLOptions): string => {
      const page = renderGraphiQL(options);
      const [first] = tabs;
      if (!first) return page;
      return page.replace('<head>', () => `<head>${startAnew(run, first.variables)}${actingAs(tokens)}`);
    },
  };
}
