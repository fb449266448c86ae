import { run as withApolloClient } from './apollo-client.ts';
import { run as withFetch } from './fetch.ts';
import { run as withUrql } from './urql.ts';

const EXAMPLES = { fetch: withFetch, 'apollo-client': withApolloClient, urql: withUrql };

const [name = '', token, email, url = 'http://127.0.0.1:4000/graphql'] = process.argv.slice(2);
const run = EXAMPLES[name as keyof typeof EXAMPLES];
if (!run || !token || !email)
  throw new Error(
    `Give one of ${Object.keys(EXAMPLES).join(', ')}, a token, an e-mail address and perhaps a URL.`,
  );

await run(url, token, email, ({ sequence, action, integrationId, outcome, erasure }) =>
  console.log(
    [sequence, action, integrationId, outcome, erasure.state].filter((word) => word !== null).join('  '),
  ),
);
