import { GraphQLError, type GraphQLFormattedError } from 'graphql';

const CUSTOMERS = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';

interface Answer {
  data?: { nodes: ({ id: string } | null)[] } | null;
  errors?: GraphQLFormattedError[];
}

/** At most so many are looked up at once. */
export const MOST_CUSTOMERS = 100;

/**
 * Which of some customers a user reaches. The gateway alone decides that, so it is asked, with the user's own token.
 *
 * @param authorization - The user's `Authorization` header.
 * @throws {GraphQLError} what the gateway refuses.
 */
export async function reachable(
  gatewayUrl: string,
  authorization: string | null,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const response = await fetch(gatewayUrl, {
    method: 'POST',
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      ...(authorization && { authorization }),
    },
    body: JSON.stringify({ query: CUSTOMERS, variables: { ids } }),
  });
  const { data, errors = [] } = (await response.json()) as Answer;
  const [error] = errors;
  if (error)
    throw new GraphQLError(error.message, { ...(error.extensions && { extensions: error.extensions }) });
  return new Set(data?.nodes.flatMap((customer) => customer?.id ?? []));
}
