import { createRequire } from 'node:module';
import util from 'node:util';

/**
 * graphql-shield 7.6 imports `isUndefined` from `node:util`, which Node 23 removed. It is put back, and shield and
 * graphql-middleware are taken from the same CommonJS builds, because each checks the other's classes by `instanceof`.
 */
const legacy = util as unknown as { isUndefined?: (value: unknown) => boolean };
legacy.isUndefined ??= (value) => value === undefined;

const require = createRequire(import.meta.url);

export const { shield, rule, allow, and, deny, or } =
  require('graphql-shield') as typeof import('graphql-shield');
export const { applyMiddleware } = require('graphql-middleware') as typeof import('graphql-middleware');
