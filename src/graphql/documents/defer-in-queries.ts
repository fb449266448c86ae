import { GraphQLError, OperationTypeNode, visit, type ASTVisitor, type ValidationContext } from 'graphql';

/** Only a query may defer: what a mutation did, and each event of a stream, is told in one piece. */
export function DeferInQueriesOnly(context: ValidationContext): ASTVisitor {
  const refuse: ASTVisitor = {
    Directive(node) {
      if (node.name.value !== 'defer') return;
      context.reportError(new GraphQLError('Only a query may use @defer.', { nodes: node }));
    },
  };
  return {
    OperationDefinition(operation) {
      if (operation.operation === OperationTypeNode.QUERY) return;
      const fragments = context.getRecursivelyReferencedFragments(operation);
      for (const part of [operation, ...fragments]) visit(part, refuse);
    },
  };
}
