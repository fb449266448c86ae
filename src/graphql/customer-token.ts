import { CustomerNotFoundError } from '../customer/customer.ts';
import { AccountNotFoundError, IntegrationFailedError, InvalidInputError } from '../customer/errors.ts';
import { issueCustomerToken, revokeCustomerToken } from '../customer/tokens.ts';
import type { CustomerToken, Revocation } from '../providers/provider.ts';
import { builder } from './builder.ts';
import { decodeId } from './ids.ts';

const DEFAULT_LIFETIME_SECONDS = 3_600;

const IssueCustomerTokenInput = builder.inputType('IssueCustomerTokenInput', {
  description: 'For which customer a token is issued, and where.',
  fields: (t) => ({
    customerId: t.id({ required: true, description: 'Id of the customer, as `customer { id }` gives it.' }),
    integrationId: t.id({
      required: true,
      description: 'Id of an integration whose `canIssueTokens` is true.',
    }),
    expiresInSeconds: t.int({
      defaultValue: DEFAULT_LIFETIME_SECONDS,
      description: 'Seconds that the token lives, 1 to 7776000 (90 days).',
    }),
  }),
});

const RevokeCustomerTokenInput = builder.inputType('RevokeCustomerTokenInput', {
  description: 'Which token is ended.',
  fields: (t) => ({
    customerId: t.id({
      required: true,
      description: 'Id of the customer whose token it is, for the audit log.',
    }),
    integrationId: t.id({ required: true, description: 'Id of the integration where the token was issued.' }),
    token: t.string({ required: true, description: 'The token. It is kept nowhere.' }),
  }),
});

const IssuePayload = builder.objectRef<CustomerToken>('IssueCustomerTokenPayload').implement({
  description: 'A fresh token. It is shown once and kept nowhere.',
  fields: (t) => ({
    token: t.exposeString('token', { description: 'Token that acts for the customer at the provider.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ends; null when it does not.',
    }),
  }),
});

const RevokePayload = builder.objectRef<Revocation>('RevokeCustomerTokenPayload').implement({
  description: 'What became of the token. Both true: it was good, and has ended.',
  fields: (t) => ({
    wasValid: t.exposeBoolean('wasValid', { description: 'Whether the provider took the token until then.' }),
    refused: t.exposeBoolean('refused', {
      description: 'Whether the provider, shown the token once more, refuses it.',
    }),
  }),
});

builder.mutationFields((t) => ({
  issueCustomerToken: t.field({
    type: IssuePayload,
    description: 'Issues a token that acts for a customer at a provider. Earlier tokens stay valid.',
    args: {
      input: t.arg({ type: IssueCustomerTokenInput, required: true, description: 'For whom and where.' }),
    },
    errors: {
      types: [CustomerNotFoundError, AccountNotFoundError, IntegrationFailedError, InvalidInputError],
      union: { name: 'IssueCustomerTokenResult', description: 'The token, or why there is none.' },
    },
    resolve: (_root, { input }, context) => {
      const { integrationId } = input;
      const expiresInSeconds = input.expiresInSeconds ?? DEFAULT_LIFETIME_SECONDS;
      const customerId = decodeId('Customer', input.customerId);
      const wanted = { customerId, integrationId, expiresInSeconds };
      return issueCustomerToken(context.parts.erasures, context.caller(), context.accounts('FRESH'), wanted);
    },
  }),
  revokeCustomerToken: t.field({
    type: RevokePayload,
    description: 'Ends a token, and tries it once more as the proof.',
    args: {
      input: t.arg({
        type: RevokeCustomerTokenInput,
        required: true,
        description: 'Which token, and whose.',
      }),
    },
    errors: {
      types: [CustomerNotFoundError, IntegrationFailedError, InvalidInputError],
      union: {
        name: 'RevokeCustomerTokenResult',
        description: 'What became of the token, or why it lives on.',
      },
    },
    resolve: (_root, { input }, context) => {
      const { integrationId, token } = input;
      const customerId = decodeId('Customer', input.customerId);
      const wanted = { customerId, integrationId, token };
      return revokeCustomerToken(context.parts.erasures, context.caller(), wanted);
    },
  }),
}));
