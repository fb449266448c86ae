import { GraphQLError, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import { permissions } from './permissions.ts';
import { applyMiddleware, deny, shield } from './shield.ts';

type Middleware = (
  resolve: GraphQLFieldResolver<unknown, unknown>,
  ...args: Parameters<GraphQLFieldResolver<unknown, unknown>>
) => unknown;

const refused = new GraphQLError('Not allowed.', { extensions: { code: 'FORBIDDEN' } });

/** Puts the permissions around every field: what no rule names is denied, and what a rule throws counts as denied. */
export function protect(schema: GraphQLSchema): GraphQLSchema {
  const guard = shield(permissions, {
    fallbackRule: deny,
    fallbackError: refused,
    allowExternalErrors: true,
  });
  const guarded = applyMiddleware(schema, guard);
  guardSubscribe(guarded, guard.generate(schema) as unknown as Record<string, Record<string, Middleware>>);
  return guarded;
}

/** graphql-middleware wraps `resolve` only, which would let anyone open a stream and refuse its events one by one. */
function guardSubscribe(schema: GraphQLSchema, rules: Record<string, Record<string, Middleware>>): void {
  const type = schema.getSubscriptionType();
  for (const field of Object.values(type?.getFields() ?? {})) {
    const { subscribe } = field;
    const rule = rules[type!.name]?.[field.name];
    if (!subscribe || !rule) throw new Error(`there is no rule for the subscription ${field.name}`);
    field.subscribe = (...args) => rule(subscribe, ...args);
  }
}
