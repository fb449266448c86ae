import type { FieldNode, GraphQLResolveInfo, SelectionNode } from 'graphql';
import type { Account, Integration } from '../../providers/provider.ts';
import type { Context } from '../context.ts';
import { fieldsOf } from '../documents/fields.ts';
import { accountTypes } from './list.ts';

/** Fields below a field, as `Type.field`. Documents are kept, so each is looked through once. */
const known = new WeakMap<FieldNode, ReadonlySet<string>>();

/** What is selected for sure: what directives may leave out or put off is read when it is its turn. */
function selectedBelow(node: FieldNode, { fragments }: GraphQLResolveInfo): ReadonlySet<string> {
  const seen = known.get(node);
  if (seen) return seen;
  const together = node.selectionSet ? [{ on: '', selectionSet: node.selectionSet }] : [];
  const isPlain = ({ directives }: SelectionNode): boolean => !directives || directives.length === 0;
  const fields = [...fieldsOf(together, new Map(Object.entries(fragments)), isPlain).values()].flat();
  const selected = new Set(fields.map(({ on, node: field }) => `${on}.${field.name.value}`));
  known.set(node, selected);
  return selected;
}

/**
 * Reads the further facts of an account that are selected. Begun as soon as the account is there: the resolvers of
 * these fields are not asked before every integration has answered.
 */
export function detailsAhead(context: Context, info: GraphQLResolveInfo) {
  const selected = info.fieldNodes.map((node) => selectedBelow(node, info));
  const isSelected = (field: string): boolean => selected.some((fields) => fields.has(field));
  return (integration: Integration, account: Account): Promise<unknown> => {
    const { name } = accountTypes[integration.provider as keyof typeof accountTypes];
    const wanted = Object.keys(integration.details).filter((fact) => isSelected(`${name}.${fact}`));
    return Promise.all(wanted.map((fact) => context.accounts().detail(integration, fact, account)));
  };
}
