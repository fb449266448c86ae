import {
  buildSchema,
  GraphQLError,
  isIntrospectionType,
  isObjectType,
  printSchema,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from 'graphql';
import type { IRules } from 'graphql-shield';
import pino, { type Logger } from 'pino';
import { scopesOf } from '../../src/access/viewer.ts';
import type { Context } from '../../src/graphql/context.ts';
import { permissions } from '../../src/graphql/permissions.ts';
import { protect } from '../../src/graphql/protect.ts';
import { schema } from '../../src/graphql/schema.ts';
import type { Asker } from './oracle.ts';

/** What a field answers behind the wall. */
const REACHED = Symbol('reached');

const objectTypes = (of: GraphQLSchema): GraphQLObjectType[] =>
  Object.values(of.getTypeMap()).filter(
    (type) => isObjectType(type) && !isIntrospectionType(type),
  ) as GraphQLObjectType[];

/** Every field of every object type, with the name of its type. */
export const FIELDS: readonly { type: string; field: string }[] = objectTypes(schema).flatMap((type) =>
  Object.keys(type.getFields()).map((field) => ({ type: type.name, field })),
);

/** The types of the gateway with the rules around them, and nothing behind: a field is reached or is not. */
export function wallOf(rules: IRules = permissions): GraphQLSchema {
  const bare = buildSchema(printSchema(schema));
  for (const type of objectTypes(bare))
    for (const field of Object.values(type.getFields())) {
      field.resolve = () => REACHED;
      if (type.name === 'Subscription') field.subscribe = () => REACHED;
    }
  return protect(bare, rules).schema;
}

/** What rules look at of a request. */
export const contextOf = (
  asker: Asker,
  log: Logger = pino({ level: 'silent' }),
  fromRouter = true,
): Context =>
  ({
    parts: { log },
    fromRouter,
    requestId: 'a-request',
    gone: () => new AbortController().signal,
    viewer: asker && {
      subject: 'somebody',
      role: asker.role,
      scopes: scopesOf(asker.role, asker.scopes),
      manager: null,
      expiresAt: new Date(0),
    },
  }) as unknown as Context;

/** Whether a field is reached, by its `resolve` and, where it is a stream, by its `subscribe`. */
export async function isReached(
  wall: GraphQLSchema,
  type: string,
  name: string,
  context: Context,
): Promise<boolean> {
  const field = (wall.getType(type) as GraphQLObjectType).getFields()[name]!;
  const ways = type === 'Subscription' ? [field.resolve!, field.subscribe!] : [field.resolve!];
  const answers = await Promise.all(
    ways.map(async (way): Promise<unknown> => way({}, {}, context, {} as GraphQLResolveInfo)),
  );
  const [first, ...others] = answers.map((answer) => {
    if (answer !== REACHED && !(answer instanceof GraphQLError))
      throw new Error(`${type}.${name}: ${String(answer)}`);
    return answer === REACHED;
  });
  if (others.some((other) => other !== first)) throw new Error(`${type}.${name} has two minds`);
  return first!;
}
