import type { ExecutionResult, FormattedExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql';

/** An error as clients see it: without what it says of the status of an HTTP answer. */
export function told(error: GraphQLError): GraphQLFormattedError {
  const { http: _http, ...extensions } = error.extensions;
  return { ...error.toJSON(), extensions };
}

/** A result as clients see it. */
export const toldResult = ({ errors, ...result }: ExecutionResult): FormattedExecutionResult => ({
  ...result,
  ...(errors && { errors: errors.map(told) }),
});
