import type { GraphQLError } from 'graphql';
import { handleStreamOrSingleExecutionResult, type Plugin } from 'graphql-yoga';

interface Increment {
  errors?: readonly unknown[];
}

/** Masks the errors of what follows an answer, which Yoga leaves as they are. */
export function useMaskedIncrements(mask: (error: unknown) => GraphQLError): Plugin {
  const masked = (one: Increment): Increment => (one.errors ? { ...one, errors: one.errors.map(mask) } : one);
  return {
    onExecute: () => ({
      onExecuteDone: (payload) =>
        handleStreamOrSingleExecutionResult(payload, ({ result, setResult }) => {
          const { incremental } = result as { incremental?: readonly Increment[] };
          if (incremental) setResult({ ...result, incremental: incremental.map(masked) } as typeof result);
        }),
    }),
  };
}
