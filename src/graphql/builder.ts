import SchemaBuilder from '@pothos/core';
import DirectivesPlugin from '@pothos/plugin-directives';
import ErrorsPlugin from '@pothos/plugin-errors';
import FederationPlugin from '@pothos/plugin-federation';
import RelayPlugin from '@pothos/plugin-relay';
import { GraphQLScalarType } from 'graphql';
import { GraphQLDateTimeISO, GraphQLEmailAddress, GraphQLJSON } from 'graphql-scalars';
import type { Context } from './context.ts';
import { decodeNodeId, encodeId, type NodeType } from './ids.ts';

export const builder = new SchemaBuilder<{
  Context: Context;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: false;
  DefaultNodeNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    EmailAddress: { Input: string; Output: string };
    JSON: { Input: unknown; Output: unknown };
  };
}>({
  plugins: [ErrorsPlugin, RelayPlugin, DirectivesPlugin, FederationPlugin],
  defaultFieldNullability: false,
  errors: { directResult: true, defaultTypes: [] },
  relay: {
    encodeGlobalID: (typename, id) => encodeId(typename as NodeType, String(id)),
    decodeGlobalID: decodeNodeId,
    idFieldOptions: { description: 'Unique among all objects of this API.' },
    nodeQueryOptions: {
      args: { id: { description: 'Id of the object.' } },
      description: 'Fetches an object by its id. Null when there is none, and when it is not yours.',
    },
    nodesQueryOptions: {
      args: { ids: { description: 'Ids of the objects, at most 100.' } },
      description:
        'Fetches at most 100 objects by their ids, in order; null for those that are not there or not yours.',
      nullable: { list: false, items: true },
      resolve: (_root, { ids }, _context, _info, resolveNodes) => {
        return resolveNodes(ids);
      },
    },
    nodeTypeOptions: {
      description: 'An object with an id that is unique in this API (Relay, Global Object Identification).',
    },
    pageInfoTypeOptions: {
      shareable: true,
      description: 'Where a page stands in its list (Relay, GraphQL Cursor Connections, section 5).',
    },
    cursorType: 'String',
    edgesFieldOptions: { description: 'The page, item by item.' },
    nodeFieldOptions: { description: 'The item itself.' },
    cursorFieldOptions: {
      description:
        'The place of the item, for `after` and `before`. Opaque, and valid while the list changes.',
    },
    pageInfoFieldOptions: { description: 'Where the page stands.' },
    hasNextPageFieldOptions: { description: 'Whether items follow the page.' },
    hasPreviousPageFieldOptions: { description: 'Whether items precede the page.' },
    startCursorFieldOptions: { description: 'Cursor of the first item; null when the page is empty.' },
    endCursorFieldOptions: { description: 'Cursor of the last item; null when the page is empty.' },
    firstArgOptions: { description: 'How many items from the start, 1 to 100. Without it and `last`: 25.' },
    lastArgOptions: { description: 'How many items from the end, 1 to 100. Not with `first`.' },
    afterArgOptions: { description: 'Only items after this cursor.' },
    beforeArgOptions: { description: 'Only items before this cursor.' },
  },
});

builder.queryType({ description: 'What can be read.' });
builder.mutationType({
  description: 'What can be changed. Each takes one `input` and answers a payload or a typed error.',
});
builder.subscriptionType({ description: 'What can be watched, over server-sent events or a WebSocket.' });

builder.addScalarType(
  'DateTime',
  new GraphQLScalarType({
    ...GraphQLDateTimeISO.toConfig(),
    description:
      'A point in time, such as `2026-03-01T09:30:00.000Z` (RFC 3339, section 5.6). Answers are in UTC, to the millisecond; any offset may be sent.',
    specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339#section-5.6',
  }),
);

builder.addScalarType(
  'JSON',
  new GraphQLScalarType({
    ...GraphQLJSON.toConfig(),
    description: 'Any JSON value (RFC 8259).',
    specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
  }),
);

/** What a provider holds is shown as it is; only what a client sends is checked. */
builder.addScalarType(
  'EmailAddress',
  new GraphQLScalarType({
    ...GraphQLEmailAddress.toConfig(),
    serialize: String,
    description:
      'An e-mail address, as HTML 5 defines it for input (HTML Living Standard, section 4.10.5.1.5).',
  }),
);
