import {
  getArgumentValues,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from 'graphql';
import type { IRule, IRules } from 'graphql-shield';
import type { Context } from './context.ts';
import type { Coordinate } from './documents/coordinates.ts';
import { definitionOf, rootFieldsOf, type Operation } from './documents/cost.ts';
import { permissions } from './permissions.ts';
import { notAllowed } from './refusals.ts';
import { applyMiddleware, deny, shield } from './shield.ts';
import { untilTokenEnds, whenTokenEnds } from './until-token-ends.ts';

type Middleware = (
  resolve: GraphQLFieldResolver<unknown, unknown>,
  ...args: Parameters<GraphQLFieldResolver<unknown, unknown>>
) => unknown;

/** Around a rule that is made of others, shield puts an object around the function. */
type Rules = Readonly<Record<string, Readonly<Record<string, Middleware | { resolve: Middleware }>>>>;

function middlewareAt(rules: Rules, type: string, field: string): Middleware | undefined {
  const one = rules[type]?.[field];
  return typeof one === 'object' ? one.resolve : one;
}

/** A rule, to be asked once for all fields that it stands before. */
export type Rule = (context: Context) => Promise<boolean>;

/** A schema that asks the permissions at every field. */
export interface Protected {
  schema: GraphQLSchema;
  /** The rules that stand before some fields, each once. Where all of them allow, no field asks anything more. */
  rulesAt(fields: readonly Coordinate[]): Rule[];
  /** Asks them at all root fields of an operation. @throws {AggregateError} what they refuse. */
  authorise(operation: Operation, context: Context): Promise<void>;
}

/** Puts rules around every field: what no rule names is denied. */
export function protect(schema: GraphQLSchema, granted: IRules = permissions): Protected {
  const guard = shield(granted, {
    fallbackRule: deny,
    fallbackError: notAllowed(),
    allowExternalErrors: true,
  });
  const guarded = applyMiddleware(schema, guard);
  const rules = guard.generate(schema) as unknown as Rules;
  guardSubscribe(guarded, rules);
  return {
    schema: guarded,
    rulesAt: (fields) => rulesAt(granted, rules, fields),
    authorise: (operation, context) => authorise(rules, operation, context),
  };
}

const isRule = (entry: object): entry is IRule => 'resolve' in entry && typeof entry.resolve === 'function';

/** What the permissions name for a field: the same object wherever the same rule stands. */
function ruleFor(granted: IRules, { type, field }: Coordinate): object {
  const entry = (granted as Record<string, IRule | Record<string, IRule> | undefined>)[type] ?? {};
  return isRule(entry) ? entry : (entry[field] ?? entry['*'] ?? deny);
}

/** All rules read the caller alone, so one field's answer is that of every field that the same rule stands before. */
function rulesAt(granted: IRules, rules: Rules, fields: readonly Coordinate[]): Rule[] {
  const byRule = new Map(fields.map((one) => [ruleFor(granted, one), one]));
  return [...byRule.values()].map(({ type, field }) => async (context) => {
    const info = { fieldName: field } as GraphQLResolveInfo;
    try {
      return (await middlewareAt(rules, type, field)!(() => true, undefined, {}, context, info)) === true;
    } catch {
      return false; // asked again at the field itself, which tells why
    }
  });
}

/** What a rule refuses, as the answer to a request of which nothing was executed. */
function refusal(error: unknown, name: string): GraphQLError {
  const { message, extensions = {} } = error as Partial<GraphQLError> & Error;
  return new GraphQLError(message, { path: [name], extensions: { ...extensions, http: { status: 403 } } });
}

async function authorise(rules: Rules, operation: Operation, context: Context): Promise<void> {
  const judged = rootFieldsOf(operation).map(async (field) => {
    const { node, on } = field;
    const definition = definitionOf(operation.schema, field);
    if (!definition) return [];
    const args = getArgumentValues(definition, node, operation.variables);
    const info = { fieldName: node.name.value } as GraphQLResolveInfo;
    const verdict = await middlewareAt(rules, on, node.name.value)?.(
      () => true,
      undefined,
      args,
      context,
      info,
    );
    return verdict === true ? [] : [refusal(verdict ?? notAllowed(), node.alias?.value ?? node.name.value)];
  });
  const refusals = (await Promise.all(judged)).flat();
  if (refusals.length > 0) throw new AggregateError(refusals);
}

const isStream = (value: unknown): value is AsyncIterable<unknown> =>
  value !== null && typeof value === 'object' && Symbol.asyncIterator in value;

/**
 * graphql-middleware wraps `resolve` only, which would let anyone open a stream and refuse its events one by one. A
 * stream that was opened ends with the viewer's token.
 */
function guardSubscribe(schema: GraphQLSchema, rules: Rules): void {
  const type = schema.getSubscriptionType();
  for (const field of Object.values(type?.getFields() ?? {})) {
    const { subscribe } = field;
    const rule = middlewareAt(rules, type!.name, field.name);
    if (!subscribe || !rule) throw new Error(`there is no rule for the subscription ${field.name}`);
    field.subscribe = async (root, args, context: Context, info) => {
      const end = new AbortController();
      const signal = AbortSignal.any([context.gone(), end.signal]);
      const opened = await rule(subscribe, root, args, { ...context, gone: () => signal }, info);
      const ends = (act: () => void) => whenTokenEnds(context.known(), context.parts.revocations, act);
      return isStream(opened) ? untilTokenEnds(opened, ends, end) : opened;
    };
  }
}
