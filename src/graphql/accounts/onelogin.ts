import type { OneloginFacts } from '../../providers/onelogin.ts';
import { builder } from '../builder.ts';
import { AccountInterface, detail, type HeldAccount } from './account.ts';

const AppType = builder.objectRef<{ id: number; name: string }>('OneloginApp').implement({
  description: 'An app that a OneLogin user signs in to.',
  fields: (t) => ({
    id: t.id({ description: 'Id of the app, a whole number.', resolve: (app) => String(app.id) }),
    name: t.exposeString('name', { description: 'Name of the app, as the tenant shows it.' }),
  }),
});

export const OneloginAccount = builder.objectRef<HeldAccount<OneloginFacts>>('OneloginAccount').implement({
  description: 'A user of a OneLogin tenant. The external id is the user id, a whole number.',
  interfaces: [AccountInterface],
  fields: (t) => ({
    username: t.string({
      nullable: true,
      description: 'Name to sign in with; null when the user signs in by e-mail.',
      resolve: ({ account }) => account.facts.username,
    }),
    name: t.string({
      nullable: true,
      description: 'First and last name; null when unknown.',
      resolve: ({ account }) => account.facts.name,
    }),
    status: t.string({
      nullable: true,
      description:
        '`unactivated`, `active`, `suspended`, `locked`, `password expired`, `awaiting password reset`, `password pending`, `security questions required`, or the number of another (developers.onelogin.com/api-docs/2/users/user-resource); null when unknown.',
      resolve: ({ account }) => account.facts.status,
    }),
    apps: t.field({
      type: [AppType],
      nullable: true,
      description: 'Apps assigned to the user. Read by a call of its own; null when that failed.',
      resolve: (held, _args, context) => detail<{ id: number; name: string }[]>(context, held, 'apps'),
    }),
  }),
});
