import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import type { IRules } from 'graphql-shield';
import type { Context } from './context.ts';
import { permissions } from './permissions.ts';
import { notAllowed } from './refusals.ts';
import { applyMiddleware, deny, shield } from './shield.ts';
import { untilTokenEnds } from './until-token-ends.ts';

type Middleware = (
  resolve: GraphQLFieldResolver<unknown, unknown>,
  ...args: Parameters<GraphQLFieldResolver<unknown, unknown>>
) => unknown;

/** Puts rules around every field: what no rule names is denied. */
export function protect(schema: GraphQLSchema, rules: IRules = permissions): GraphQLSchema {
  const guard = shield(rules, {
    fallbackRule: deny,
    fallbackError: notAllowed(),
    allowExternalErrors: true,
  });
  const guarded = applyMiddleware(schema, guard);
  guardSubscribe(guarded, guard.generate(schema) as unknown as Record<string, Record<string, Middleware>>);
  return guarded;
}

const isStream = (value: unknown): value is AsyncIterable<unknown> =>
  value !== null && typeof value === 'object' && Symbol.asyncIterator in value;

/**
 * graphql-middleware wraps `resolve` only, which would let anyone open a stream and refuse its events one by one. A
 * stream that was opened ends with the viewer's token.
 */
function guardSubscribe(schema: GraphQLSchema, rules: Record<string, Record<string, Middleware>>): void {
  const type = schema.getSubscriptionType();
  for (const field of Object.values(type?.getFields() ?? {})) {
    const { subscribe } = field;
    const rule = rules[type!.name]?.[field.name];
    if (!subscribe || !rule) throw new Error(`there is no rule for the subscription ${field.name}`);
    field.subscribe = async (root, args, context: Context, info) => {
      const end = new AbortController();
      const signal = AbortSignal.any([context.signal, end.signal]);
      const opened = await rule(subscribe, root, args, { ...context, signal }, info);
      return isStream(opened) ? untilTokenEnds(opened, context.known().expiresAt, end) : opened;
    };
  }
}
