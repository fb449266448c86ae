import type { IncomingMessage } from 'node:http';
import type { GraphQLParams } from 'graphql-yoga';
import { z } from 'zod';
import { wholeBody } from '../request-body.ts';

const record = z.record(z.string(), z.unknown()).nullish();

const parameters = z.object({
  query: z.string().nullish(),
  operationName: z.string().nullish(),
  variables: record,
  extensions: record,
  documentId: z.string().nullish(),
});

/**
 * The parameters of a request whose body is small enough, and null where anything is wrong with them. The body stays
 * with the request, for whoever then tells what is wrong.
 */
export async function parametersOf(
  request: IncomingMessage & { body?: Buffer },
): Promise<GraphQLParams | null> {
  const body = request.body ?? (await wholeBody(request));
  if (!body) return null;
  request.body = body;
  try {
    return parameters.parse(JSON.parse(body.toString('utf8'))) as GraphQLParams;
  } catch {
    return null;
  }
}
