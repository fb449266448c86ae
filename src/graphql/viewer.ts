import type { Viewer } from '../access/viewer.ts';
import { ROLES } from '../access/viewer.ts';
import { builder } from './builder.ts';
import { ManagerType } from './manager.ts';

const RoleType = builder.enumType('Role', {
  description: 'What a viewer may do at the most.',
  values: {
    ADMIN: { description: 'Everything.' },
    MASTER: { description: 'Every customer, but no overriding of guards.' },
    RESALE: { description: 'Only customers of its own manager or of one below it.' },
  } satisfies Record<(typeof ROLES)[number], object>,
});

const ViewerType = builder.objectRef<Viewer>('Viewer').implement({
  description: 'The caller, as its token says.',
  fields: (t) => ({
    subject: t.exposeString('subject', {
      description: 'Who the token was issued to (`sub`, RFC 7519, section 4.1.2).',
    }),
    role: t.field({
      type: RoleType,
      description: 'The role, which bounds the scopes and whose customers are reached.',
      resolve: (viewer) => viewer.role,
    }),
    scopes: t.stringList({
      description:
        "The scopes in effect, such as `customers:read`: the token's, as far as the role allows them.",
      resolve: (viewer) => [...viewer.scopes],
    }),
    manager: t.field({
      type: ManagerType,
      nullable: true,
      description: 'The manager that a RESALE viewer acts for; null for the other roles.',
      resolve: (viewer, _args, context) =>
        viewer.manager === null ? null : context.loaders().managers.load(viewer.manager),
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description:
        'When the token ends (`exp`, or the most that the gateway allows a token to live). Streams end then, too.',
      resolve: (viewer) => viewer.expiresAt,
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: ViewerType,
    description: 'Who is asking.',
    resolve: (_root, _args, context) => context.known(),
  }),
);
