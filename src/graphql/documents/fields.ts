import {
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** Fields that are selected on a type. */
export interface Selected {
  on: string;
  selectionSet: SelectionSetNode;
}

/** A field where it is selected, on the type that is known there. */
export interface SelectedField {
  on: string;
  node: FieldNode;
}

export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

export function fragmentsOf({ definitions }: DocumentNode): Fragments {
  const fragments = definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  return new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
}

/**
 * The fields that are executed together, by the name that they have in the answer: fragments are opened, each once
 * (GraphQL, section 6.3.2). `enter` is told of every selection, and what it says no to is left out.
 */
export function fieldsOf(
  together: readonly Selected[],
  fragments: Fragments,
  enter: (selection: SelectionNode) => boolean,
): Map<string, SelectedField[]> {
  const fields = new Map<string, SelectedField[]>();
  const opened = new Set<string>();
  const open = ({ on, selectionSet }: Selected): void => {
    for (const node of selectionSet.selections) {
      if (!enter(node)) continue;
      if (node.kind === Kind.FIELD) {
        const name = node.alias?.value ?? node.name.value;
        const same = fields.get(name);
        if (same) same.push({ on, node });
        else fields.set(name, [{ on, node }]);
      } else if (node.kind === Kind.INLINE_FRAGMENT) {
        open({ on: node.typeCondition?.name.value ?? on, selectionSet: node.selectionSet });
      } else if (!opened.has(node.name.value)) {
        opened.add(node.name.value);
        const fragment = fragments.get(node.name.value);
        if (fragment) open({ on: fragment.typeCondition.name.value, selectionSet: fragment.selectionSet });
      }
    }
  };
  for (const one of together) open(one);
  return fields;
}
