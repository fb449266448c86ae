import type { ServerResponse } from 'node:http';
import {
  getOperationAST,
  getVariableValues,
  OperationTypeNode,
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import type { Viewer } from '../access/viewer.ts';
import { costOf, rootFieldsOf, type Cost, type Operation, type Prices } from './documents/cost.ts';
import type { Documents } from './documents/documents.ts';
import { checkVariables } from './documents/lists.ts';
import { tooLarge } from './documents/size.ts';
import { checkOneDeletion } from './one-deletion.ts';
import type { PersistedDocuments } from './persisted-documents.ts';
import { MAX_GUARDED_VALUES, MAX_POINTS, MAX_VALUES, prices } from './prices.ts';
import { badRequest, malformed } from './refusals.ts';

/** What Yoga is given with each request. */
export interface ServerContext {
  /** Null where the operation has no answer of its own, such as on a socket. */
  res: ServerResponse | null;
  /** Null for a page, which anyone may fetch. */
  viewer: Viewer | null;
  /** Whether a federated router asks, for the viewer. */
  fromRouter: boolean;
  /** Whether every rule that stands before a field of the operation lets the caller pass. */
  allowed?: boolean;
}

export interface AdmissionOptions {
  schema: GraphQLSchema;
  documents: Documents;
  persisted: PersistedDocuments;
  /** Lets the caller spend points, or throws. */
  charge(context: ServerContext, points: number): Promise<void>;
  /** Whether the permissions allow all of an operation. */
  isAllowed(operation: Operation, context: ServerContext, request: Request): Promise<boolean>;
  /** Asks the permissions at all root fields of an operation, or throws. */
  authorise(operation: Operation, context: ServerContext, request: Request): Promise<void>;
}

/** What a request may bring. All other names are reserved, and ignored (GraphQL over HTTP, section "JSON Encoding"). */
const PARAMETERS = new Set(['query', 'operationName', 'variables', 'extensions', 'documentId']);

const MAX_ERRORS = 10;
const MAX_MESSAGE = 500;

function ignoreOthers(params: GraphQLParams): void {
  for (const name of Object.keys(params)) if (!PARAMETERS.has(name)) Reflect.deleteProperty(params, name);
}

/** The operation that is asked for. @throws {GraphQLError} */
function definitionOf(document: DocumentNode, { operationName }: GraphQLParams): OperationDefinitionNode {
  if (typeof (operationName ?? '') !== 'string') throw malformed('`operationName` has to be a text.');
  const definition = getOperationAST(document, operationName);
  if (!definition) throw badRequest('`operationName` has to name one operation of the document.');
  return definition;
}

/** An operation with the variables that were given. @throws {GraphQLError | AggregateError} */
export function operationOf(
  schema: GraphQLSchema,
  { document, definition }: Pick<Operation, 'document' | 'definition'>,
  { variables: given }: GraphQLParams,
): Operation {
  const variables = given ?? {};
  checkVariables(variables);
  const options = { maxErrors: MAX_ERRORS, hideSuggestions: true };
  const values = getVariableValues(schema, definition.variableDefinitions ?? [], variables, options);
  // A message repeats the value, however long that is.
  const told = ({ message }: GraphQLError): GraphQLError => badRequest(message.slice(0, MAX_MESSAGE));
  if (values.errors) throw new AggregateError(values.errors.map(told));
  return { schema, document, definition, variables: values.coerced };
}

interface Pricing {
  /** Whether every rule lets the caller pass; if not, the rules are asked at each value. */
  isAllowed: boolean;
  cost?(operation: Operation, prices: Prices): Cost;
}

/** What an operation costs. @throws {GraphQLError} where it is too much, or deletes more than once. */
export function pointsOf(operation: Operation, { isAllowed, cost = costOf }: Pricing): number {
  if (operation.definition.operation === OperationTypeNode.MUTATION)
    checkOneDeletion(rootFieldsOf(operation).map(({ node }) => node.name.value));
  const { points, values } = cost(operation, prices);
  const mostValues = isAllowed ? MAX_VALUES : MAX_GUARDED_VALUES;
  if (points > MAX_POINTS)
    throw tooLarge(`it costs ${points} points, and ${MAX_POINTS} are the most. Ask for smaller pages`);
  if (values > mostValues)
    throw tooLarge(`it may answer ${values} values, and ${mostValues} are the most. Ask for smaller pages`);
  return points;
}

/** Yoga asks the permissions as it executes, one mutation after the other: the second may be refused too late. */
const isSeveralMutations = (operation: Operation): boolean =>
  operation.definition.operation === OperationTypeNode.MUTATION && rootFieldsOf(operation).length > 1;

/**
 * What a request passes before anything of it is executed: its document is a known one or within the limits, and
 * valid; its lists are not too long; it deletes once at the most; and its caller pays for it.
 */
export function useAdmission(options: AdmissionOptions): Plugin<object, ServerContext> {
  const { schema, documents, persisted, charge, isAllowed, authorise } = options;
  return {
    onParams({ params, setParams, context, paramsHandler, setParamsHandler }) {
      ignoreOthers(params);
      const query = persisted.textFor(params);
      if (query !== null) setParams({ ...params, query });
      else if (params.query == null)
        throw malformed('There is no `query` in the request, and no `documentId`.');
      // Runs once Yoga has looked at the types of the parameters.
      setParamsHandler(async (request) => {
        await charge(context, 1);
        const document = documents.read(request.params.query!);
        const definition = definitionOf(document, request.params);
        const operation = operationOf(schema, { document, definition }, request.params);
        context.allowed = await isAllowed(operation, context, request.request);
        const points = pointsOf(operation, { isAllowed: context.allowed });
        if (points > 1) await charge(context, points - 1);
        if (isSeveralMutations(operation)) await authorise(operation, context, request.request);
        return paramsHandler(request);
      });
    },
    onParse({ params, setParsedDocument }) {
      setParsedDocument(documents.read(String(params.source)));
    },
    onValidate({ setResult }) {
      setResult([]);
    },
    onExecute({ args }) {
      if ((args.contextValue as Partial<ServerContext>).allowed) args.schema = schema;
    },
  };
}
