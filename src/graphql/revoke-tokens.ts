import { InvalidInputError } from '../customer/errors.ts';
import { revokeTokens } from '../erasure/revoke-tokens.ts';
import { builder } from './builder.ts';

type Revocation = Awaited<ReturnType<typeof revokeTokens>>;

const RevocationType = builder.objectRef<Revocation>('TokenRevocation').implement({
  description: 'Tokens of callers of this API that are not accepted any more.',
  fields: (t) => ({
    jti: t.exposeString('jti', { nullable: true, description: 'The one token; null when it is a subject.' }),
    subject: t.exposeString('subject', {
      nullable: true,
      description: 'The subject whose tokens they are; null when it is one token.',
    }),
    revokedAt: t.expose('revokedAt', {
      type: 'DateTime',
      description:
        'When. Of a subject, tokens count again that were issued more than 5 seconds later, for clocks differ.',
    }),
  }),
});

const RevokeTokensInput = builder.inputType('RevokeTokensInput', {
  description: 'Which tokens, by exactly one of `jti` and `subject`, and why.',
  fields: (t) => ({
    jti: t.string({
      description:
        'Id of the one token (`jti`, RFC 7519, section 4.1.7), 1 to 255 characters. Without it: `subject` is given.',
    }),
    subject: t.string({
      description:
        'Whose tokens (`sub`, RFC 7519, section 4.1.2), 1 to 255 characters: all that were issued until now, with or without a `jti`. Without it: `jti` is given.',
    }),
    reason: t.string({ required: true, description: 'Why, 1 to 500 characters, for the audit log.' }),
  }),
});

const RevokeTokensPayload = builder.objectRef<{ revocation: Revocation }>('RevokeTokensPayload').implement({
  description: 'What is not accepted any more, in any process.',
  fields: (t) => ({
    revocation: t.field({
      type: RevocationType,
      description: 'What was revoked, and when.',
      resolve: ({ revocation }) => revocation,
    }),
  }),
});

builder.mutationField('revokeTokens', (t) =>
  t.field({
    type: RevokeTokensPayload,
    description:
      'Ends tokens of callers of this API before their time, in every process within a second: they are refused, and streams and exports that were opened with them end. What they were used to ask for or to approve stops before its next step as `NOT_AUTHORISED`, and stays so: somebody else has to ask anew.',
    args: { input: t.arg({ type: RevokeTokensInput, required: true, description: 'Which, and why.' }) },
    errors: {
      types: [InvalidInputError],
      union: { name: 'RevokeTokensResult', description: 'The revocation, or why there is none.' },
    },
    resolve: async (_root, { input }, context) => {
      const { erasures, engine } = context.parts;
      const { jti = null, subject = null, reason } = input;
      return { revocation: await revokeTokens(erasures, engine, context.caller(), { jti, subject, reason }) };
    },
  }),
);
