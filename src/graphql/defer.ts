import {
  DirectiveLocation,
  GraphQLBoolean,
  GraphQLDirective,
  GraphQLNonNull,
  GraphQLSchema,
  GraphQLString,
} from 'graphql';

const GraphQLDeferDirective = new GraphQLDirective({
  name: 'defer',
  description:
    'What a provider that is slow holds may follow the rest of the answer, which does not wait for it. For queries, with `accept: multipart/mixed` or `text/event-stream`.',
  locations: [DirectiveLocation.FRAGMENT_SPREAD, DirectiveLocation.INLINE_FRAGMENT],
  args: {
    if: {
      type: new GraphQLNonNull(GraphQLBoolean),
      defaultValue: true,
      description: 'Whether it may follow.',
    },
    label: { type: GraphQLString, description: 'What the part is called when it follows.' },
  },
});

/** Lets clients defer parts of a query; the executor does so already. A router does it by itself, so no subgraph says it. */
export const withDefer = (schema: GraphQLSchema): GraphQLSchema =>
  new GraphQLSchema({
    ...schema.toConfig(),
    directives: [...schema.getDirectives(), GraphQLDeferDirective],
  });
