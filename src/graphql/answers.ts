import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { isStreamWanted } from './accept.ts';
import { notAcceptable } from './refusals.ts';

/** How answers leave: nobody may keep one, and who cannot read a stream is told so. */
export const useAnswers = (): Plugin => ({
  async onExecutionResult({ request, result, setResult }) {
    if (!isAsyncIterable(result) || isStreamWanted(request.headers.get('accept') ?? '*/*')) return;
    await result[Symbol.asyncIterator]().return?.();
    setResult({ errors: [notAcceptable()] });
  },
  // Of streams, which hold personal data like everything else, Yoga says otherwise.
  onResponse: ({ response }) => response.headers.set('cache-control', 'no-store'),
});
