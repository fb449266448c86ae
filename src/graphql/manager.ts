import type { Manager } from '../customer/managers.ts';
import { builder } from './builder.ts';

export const ManagerType = builder.objectRef<Manager>('Manager');

ManagerType.implement({
  description: 'A reseller or team that customers are managed by. Managers form a tree.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Id of the manager, as tokens carry it.' }),
    name: t.exposeString('name', { description: 'Name to show, as it was given to the gateway.' }),
    parent: t.field({
      type: ManagerType,
      nullable: true,
      description: 'The manager above; null at the top of what you may see.',
      resolve: ({ parentId }, _args, context) =>
        parentId === null ? null : context.loaders().managers.load(parentId),
    }),
  }),
});
