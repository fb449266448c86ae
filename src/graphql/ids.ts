import { badInput } from './refusals.ts';

/** Types whose ids are global: the type's name and a UUID, base64url-encoded. */
export const NODE_TYPES = ['Bulk', 'Customer', 'CustomerImport', 'Erasure'] as const;

export type NodeType = (typeof NODE_TYPES)[number];

/** A UUID as PostgreSQL writes it. */
export const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

export function encodeId(type: NodeType, id: string): string {
  return Buffer.from(`${type}:${id}`).toString('base64url');
}

/** @throws {GraphQLError} `BAD_USER_INPUT` when it is no id of this API. */
export function decodeNodeId(globalId: string): { typename: NodeType; id: string } {
  const [typename, id = ''] = Buffer.from(globalId, 'base64url').toString('utf8').split(':');
  const known = NODE_TYPES.find((type) => type === typename);
  if (!known || !UUID.test(id)) throw badInput('This is not an id of this API.');
  return { typename: known, id };
}

/** @throws {GraphQLError} `BAD_USER_INPUT` when it is not an id of this type. */
export function decodeId(type: NodeType, globalId: string): string {
  const { typename, id } = decodeNodeId(globalId);
  if (typename !== type) throw badInput(`This is not the id of a ${type}.`);
  return id;
}
