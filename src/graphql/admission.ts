import type { ServerResponse } from 'node:http';
import {
  getOperationAST,
  getVariableValues,
  OperationTypeNode,
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
} from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import type { Viewer } from '../access/viewer.ts';
import { costOf, rootFieldsOf, type Operation } from './documents/cost.ts';
import type { Documents } from './documents/documents.ts';
import { checkVariables } from './documents/lists.ts';
import { tooLarge } from './documents/size.ts';
import { checkOneDeletion } from './one-deletion.ts';
import type { PersistedDocuments } from './persisted-documents.ts';
import { MAX_POINTS, MAX_VALUES, prices } from './prices.ts';
import { badRequest } from './refusals.ts';

/** What Yoga is given with each request. */
export interface ServerContext {
  /** Null where the operation has no answer of its own, such as on a socket. */
  res: ServerResponse | null;
  /** Null for a page, which anyone may fetch. */
  viewer: Viewer | null;
  /** Whether a federated router asks, for the viewer. */
  fromRouter: boolean;
}

export interface AdmissionOptions {
  schema: GraphQLSchema;
  documents: Documents;
  persisted: PersistedDocuments;
  /** Lets the caller spend points, or throws. */
  charge(context: ServerContext, points: number): Promise<void>;
  /** Asks the permissions at all root fields of an operation, or throws. */
  authorise(operation: Operation, context: ServerContext, request: Request): Promise<void>;
}

const MAX_ERRORS = 10;
const MAX_MESSAGE = 500;

/** The operation that is asked for, with its variables. @throws {GraphQLError | AggregateError} */
function operationOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  { operationName, variables: given }: GraphQLParams,
): Operation {
  const variables = given ?? {};
  const definition = getOperationAST(document, operationName);
  if (!definition) throw badRequest('`operationName` has to name one operation of the document.');
  checkVariables(variables);
  const options = { maxErrors: MAX_ERRORS, hideSuggestions: true };
  const values = getVariableValues(schema, definition.variableDefinitions ?? [], variables, options);
  // A message repeats the value, however long that is.
  const told = ({ message }: GraphQLError): GraphQLError => badRequest(message.slice(0, MAX_MESSAGE));
  if (values.errors) throw new AggregateError(values.errors.map(told));
  return { schema, document, definition, variables: values.coerced };
}

/** What an operation costs. @throws {GraphQLError} where it is too much, or deletes more than once. */
function pointsOf(operation: Operation): number {
  if (operation.definition.operation === OperationTypeNode.MUTATION)
    checkOneDeletion(rootFieldsOf(operation).map(({ node }) => node.name.value));
  const { points, values } = costOf(operation, prices);
  if (points > MAX_POINTS)
    throw tooLarge(`it costs ${points} points, and ${MAX_POINTS} are the most. Ask for smaller pages`);
  if (values > MAX_VALUES)
    throw tooLarge(`it may answer ${values} values, and ${MAX_VALUES} are the most. Ask for smaller pages`);
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
  const { schema, documents, persisted, charge, authorise } = options;
  return {
    onParams({ params, setParams, context, paramsHandler, setParamsHandler }) {
      const query = persisted.textFor(params);
      if (query !== null) setParams({ ...params, query });
      // Runs once Yoga has looked at the types of the parameters.
      setParamsHandler(async (request) => {
        await charge(context, 1);
        const operation = operationOf(schema, documents.read(request.params.query!), request.params);
        const points = pointsOf(operation);
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
  };
}
