import { GraphQLError, type GraphQLFormattedErrorExtensions } from 'graphql';
import type { Logger } from 'pino';
import { ProviderError } from '../providers/provider.ts';

const isMeantForClients = (error: GraphQLError): boolean =>
  error.originalError == null || error.originalError instanceof GraphQLError;

/** What is told of an error that no client caused: a provider's, by its code and in safe words; any other, by an id. */
function extensionsOf(cause: unknown, requestId: string): GraphQLFormattedErrorExtensions {
  if (cause instanceof ProviderError) return { code: `PROVIDER_${cause.code}`, requestId };
  return { code: 'INTERNAL_SERVER_ERROR', requestId };
}

/** Lets errors through that are meant for clients, and logs and masks all others. Never depends on NODE_ENV. */
export function maskError(error: unknown, requestId: string, log: Logger): GraphQLError {
  if (error instanceof GraphQLError && isMeantForClients(error)) return error;
  const cause = error instanceof GraphQLError ? error.originalError : error;
  log.error({ err: cause, requestId }, 'an operation failed');
  const message = cause instanceof ProviderError ? cause.message : 'Unexpected error.';
  const { nodes = null, path = null } = error instanceof GraphQLError ? error : {};
  return new GraphQLError(message, { nodes, path, extensions: extensionsOf(cause, requestId) });
}
