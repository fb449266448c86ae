import { builder } from './builder.ts';
import { withDefer } from './defer.ts';
import './schema.ts';

/** What clients see: the schema without what is for federated routers alone. */
export const apiSchema = withDefer(builder.toSchema());
