import {
  AccountExistsError,
  AccountLinkedError,
  AccountNotFoundError,
  EmailTakenError,
  IntegrationFailedError,
} from '../customer/errors.ts';
import { AccountFailureCode } from './accounts/result.ts';
import { builder } from './builder.ts';
import { ErrorInterface } from './errors.ts';

builder.objectType(EmailTakenError, {
  name: 'EmailTakenError',
  description: 'Another customer has this e-mail address.',
  interfaces: [ErrorInterface],
});

builder.objectType(AccountLinkedError, {
  name: 'AccountLinkedError',
  description: 'Another customer is linked to this account, and two never share one.',
  interfaces: [ErrorInterface],
});

builder.objectType(AccountNotFoundError, {
  name: 'AccountNotFoundError',
  description: 'The integration was asked and holds no such account.',
  interfaces: [ErrorInterface],
});

builder.objectType(AccountExistsError, {
  name: 'AccountExistsError',
  description: 'The integration holds such an account already: link or import it instead.',
  interfaces: [ErrorInterface],
});

builder.objectType(IntegrationFailedError, {
  name: 'IntegrationFailedError',
  description: 'An integration that had to be asked did not do its part.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    code: t.field({
      type: AccountFailureCode,
      description: 'What kind of failure it was.',
      resolve: ({ cause }) => cause.code,
    }),
    retryAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When to come back; null where nobody said.',
      resolve: ({ cause }) => cause.retryAt ?? null,
    }),
  }),
});
