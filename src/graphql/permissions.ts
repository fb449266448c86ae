import type { IRules } from 'graphql-shield';
import type { Scope } from '../access/viewer.ts';
import type { Context } from './context.ts';
import { forbidden, unauthenticated } from './refusals.ts';
import { allow, or, rule } from './shield.ts';

const authenticated = rule('authenticated', { cache: 'no_cache' })(
  (_parent, _args, { viewer }: Context) => viewer !== null || unauthenticated(),
);

const can = (scope: Scope) =>
  rule(`can ${scope}`, { cache: 'no_cache' })((_parent, _args, { viewer }: Context) => {
    if (!viewer) return unauthenticated();
    return viewer.scopes.has(scope) || forbidden(scope);
  });

const readCustomers = can('customers:read');
const deleteCustomers = can('customers:delete');
const writeCustomers = can('customers:write');
const readOrWriteCustomers = or(readCustomers, writeCustomers);
const writeHolds = can('holds:write');
const overrideGuards = can('guards:override');
const exportCustomers = can('customers:export');
const issueTokens = can('tokens:issue');
const readIntegrations = can('integrations:read');
const readAudit = can('audit:read');
const readCustomersOrIntegrations = or(readCustomers, readIntegrations);

/**
 * Who may read which field: by its type, whatever way leads to it, and by its root field. What is not named is denied.
 * Whose customers a viewer reaches is decided where customers are read.
 */
export const permissions: IRules = {
  Query: {
    viewer: authenticated,
    node: readCustomers,
    nodes: readCustomers,
    customer: readCustomers,
    customerByEmail: readCustomers,
    customers: readCustomers,
    integrations: readIntegrations,
    erasurePlan: readCustomers,
    erasure: readCustomers,
    erasures: readCustomers,
    auditLog: readAudit,
    erasurePause: readCustomers,
  },
  Mutation: {
    deleteCustomer: deleteCustomers,
    cancelErasure: deleteCustomers,
    placeHold: writeHolds,
    releaseHold: writeHolds,
    pauseErasures: overrideGuards,
    resumeErasures: overrideGuards,
    registerCustomer: writeCustomers,
    createCustomer: writeCustomers,
    confirmEmail: writeCustomers,
    assignManager: writeCustomers,
    linkAccount: writeCustomers,
    unlinkAccount: writeCustomers,
    importCustomers: writeCustomers,
    exportCustomer: exportCustomers,
    issueCustomerToken: issueTokens,
    revokeCustomerToken: issueTokens,
  },
  Subscription: {
    erasureProgress: readCustomers,
    importProgress: writeCustomers,
  },
  Viewer: authenticated,
  Manager: authenticated,
  Customer: readOrWriteCustomers,
  AccountLink: readOrWriteCustomers,
  CustomerPermissions: readOrWriteCustomers,
  DeletePermission: { '*': readOrWriteCustomers, integrations: readCustomers },
  IntegrationDeletePermission: readCustomers,
  Reason: readOrWriteCustomers,
  QueryCustomersConnection: readCustomers,
  QueryCustomersConnectionEdge: readCustomers,
  ParticleAccount: readCustomers,
  ParticleDevice: readCustomers,
  EngagelabAccount: readCustomers,
  LearnAccount: readCustomers,
  VpnAccount: readCustomers,
  OneloginAccount: readCustomers,
  OneloginApp: readCustomers,
  AccountFailure: readCustomers,
  Integration: { '*': readCustomersOrIntegrations, health: readIntegrations },
  IntegrationHealth: readIntegrations,
  KeyRule: readCustomersOrIntegrations,
  Traffic: readCustomersOrIntegrations,
  RateLimit: readCustomersOrIntegrations,
  ErasurePlan: readCustomers,
  PlanChange: or(readCustomers, deleteCustomers),
  ErasurePlanItem: readCustomers,
  SideEffect: readCustomers,
  Warning: readCustomers,
  Blocker: or(readCustomers, deleteCustomers),
  Erasure: or(readCustomers, deleteCustomers),
  ErasureTask: or(readCustomers, deleteCustomers),
  Attempt: or(readCustomers, deleteCustomers),
  ErasureEvent: readCustomers,
  QueryErasuresConnection: readCustomers,
  QueryErasuresConnectionEdge: readCustomers,
  DeleteCustomerPayload: deleteCustomers,
  CancelErasurePayload: deleteCustomers,
  CustomerPayload: writeCustomers,
  AccountLinkPayload: writeCustomers,
  ImportCustomersPayload: writeCustomers,
  CustomerImport: writeCustomers,
  CustomerImportAmbiguousAccountsConnection: writeCustomers,
  CustomerImportAmbiguousAccountsConnectionEdge: writeCustomers,
  AmbiguousAccount: writeCustomers,
  ExportCustomerPayload: exportCustomers,
  IssueCustomerTokenPayload: issueTokens,
  RevokeCustomerTokenPayload: issueTokens,
  Hold: writeHolds,
  HoldPayload: writeHolds,
  ErasurePause: or(readCustomers, overrideGuards),
  ErasurePausePayload: overrideGuards,
  AuditEntry: readAudit,
  QueryAuditLogConnection: readAudit,
  QueryAuditLogConnectionEdge: readAudit,
  PageInfo: authenticated,
  CustomerNotFoundError: allow,
  ErasureNotFoundError: allow,
  ErasureFinishedError: allow,
  ErasureBlockedError: allow,
  ErasureAlreadyOpenError: allow,
  IdempotencyConflictError: allow,
  PlanChangedError: allow,
  PlanExpiredError: allow,
  ErasureCapError: allow,
  EmailTakenError: allow,
  AccountLinkedError: allow,
  AccountNotFoundError: allow,
  AccountExistsError: allow,
  IntegrationFailedError: allow,
  ImportOpenError: allow,
  HoldNotFoundError: allow,
  InvalidInputError: allow,
  InputIssue: allow,
};
