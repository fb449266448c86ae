/**
 * Who may see what, written down from the design and from nothing in src: what the gateway answers is judged by this.
 * A field needs one of the scopes of its line; a type's line stands for all its fields that have none of their own.
 */

export const ROLES = ['ADMIN', 'MASTER', 'RESALE'] as const;
export type Role = (typeof ROLES)[number];

export const SCOPES = [
  'customers:read',
  'customers:write',
  'customers:delete',
  'customers:export',
  'tokens:issue',
  'tokens:revoke',
  'erasures:approve',
  'holds:write',
  'guards:override',
  'managers:write',
  'integrations:read',
  'audit:read',
] as const;
export type Scope = (typeof SCOPES)[number];

/** What a role never has, whatever its token says. */
export const NEVER: Record<Role, Scope[]> = {
  ADMIN: [],
  MASTER: ['guards:override', 'tokens:revoke'],
  RESALE: [
    'tokens:issue',
    'tokens:revoke',
    'erasures:approve',
    'holds:write',
    'guards:override',
    'managers:write',
  ],
};

/** `anyone` needs no token; `token` needs one, with whatever scopes. */
const NEEDS: readonly [needs: readonly (Scope | 'anyone' | 'token')[], fields: string][] = [
  [['token'], 'Query.viewer Viewer Manager PageInfo Query._service _Service'],
  [
    ['customers:read'],
    `Query.node Query.nodes Query._entities Query.customer Query.customerByEmail Query.customers
     QueryCustomersConnection QueryCustomersConnectionEdge
     Query.erasurePlan ErasurePlan ErasurePlanItem SideEffect Warning Erasure.plan
     Query.erasure Query.erasures QueryErasuresConnection QueryErasuresConnectionEdge Query.erasurePause
     Query.reappearances QueryReappearancesConnection QueryReappearancesConnectionEdge Reappearance.externalId
     Query.deletionPreview Query.bulk Query.bulks QueryBulksConnection QueryBulksConnectionEdge
     Subscription.erasureProgress Subscription.bulkProgress ErasureEvent
     ParticleAccount ParticleDevice EngagelabAccount LearnAccount VpnAccount OneloginAccount OneloginApp AccountFailure
     Customer.accounts DeletePermission.integrations IntegrationDeletePermission`,
  ],
  [
    ['customers:write'],
    `Mutation.registerCustomer Mutation.createCustomer Mutation.confirmEmail Mutation.assignManager CustomerPayload
     Mutation.linkAccount Mutation.unlinkAccount AccountLinkPayload
     Mutation.importCustomers ImportCustomersPayload Subscription.importProgress CustomerImport
     CustomerImportAmbiguousAccountsConnection CustomerImportAmbiguousAccountsConnectionEdge AmbiguousAccount`,
  ],
  [['customers:read', 'customers:write'], 'Customer AccountLink CustomerPermissions DeletePermission Reason'],
  [
    ['customers:delete'],
    `Mutation.deleteCustomer DeleteCustomerPayload Mutation.cancelErasure CancelErasurePayload Mutation.retryErasure
     Mutation.eraseAgain Mutation.dismissReappearance ReappearancePayload
     Mutation.deleteCustomers DeleteCustomersPayload Mutation.pauseBulk Mutation.resumeBulk Mutation.cancelBulk`,
  ],
  [
    ['erasures:approve'],
    `Mutation.approveErasure Mutation.denyErasure ErasureDecisionPayload Mutation.resolveTask
     Mutation.approveBulk Mutation.denyBulk`,
  ],
  [['customers:delete', 'erasures:approve'], 'ErasureResumedPayload BulkPayload'],
  [['customers:read', 'customers:delete'], 'PlanChange Blocker Reappearance'],
  [
    ['customers:read', 'customers:delete', 'erasures:approve'],
    `Erasure ErasureTask Attempt Receipt Bulk BulkCounts BulkItem BulkItemsConnection BulkItemsConnectionEdge
     DeletionPreview DeletionPreviewIntegration DeletionPreviewBlock`,
  ],
  [['customers:export'], 'Mutation.exportCustomer ExportCustomerPayload'],
  [
    ['tokens:issue'],
    `Mutation.issueCustomerToken IssueCustomerTokenPayload Mutation.revokeCustomerToken RevokeCustomerTokenPayload`,
  ],
  [['tokens:revoke'], 'Mutation.revokeTokens RevokeTokensPayload TokenRevocation'],
  [['holds:write'], 'Mutation.placeHold Mutation.releaseHold Hold HoldPayload Customer.holds'],
  [
    ['guards:override'],
    `Mutation.pauseErasures Mutation.resumeErasures ErasurePausePayload
     Mutation.redeliverWebhook RedeliverWebhookPayload`,
  ],
  [['customers:read', 'guards:override'], 'ErasurePause'],
  [['customers:read', 'integrations:read'], 'Integration KeyRule Traffic RateLimit'],
  [
    ['integrations:read'],
    `Query.integrations Integration.health IntegrationHealth
     Query.webhookDeliveries QueryWebhookDeliveriesConnection QueryWebhookDeliveriesConnectionEdge`,
  ],
  [['integrations:read', 'guards:override'], 'WebhookDelivery'],
  [
    ['audit:read'],
    `Query.auditLog QueryAuditLogConnection QueryAuditLogConnectionEdge AuditEntry
     Query.auditCheckpoint AuditCheckpoint Query.auditInclusion AuditInclusion
     Query.auditConsistency AuditConsistency`,
  ],
  [
    ['anyone'], // what a refusal says of itself; only a mutation or a look that was let through answers one
    `CustomerNotFoundError EmailTakenError AccountLinkedError AccountNotFoundError AccountExistsError
     IntegrationFailedError ImportOpenError InvalidInputError InputIssue
     ErasureNotFoundError ErasureFinishedError ErasureBlockedError ErasureAlreadyOpenError IdempotencyConflictError
     PlanChangedError PlanExpiredError ErasureCapError NotAwaitingApprovalError OwnRequestError
     TaskNotFoundError NothingToResolveError HoldNotFoundError
     BulkTooLargeError PreviewChangedError PreviewExpiredError BulkNotFoundError BulkStateError
     ReappearanceNotFoundError ReappearanceResolvedError
     WebhookDeliveryNotFoundError WebhookEndpointGoneError`,
  ],
];

const LINES = new Map(NEEDS.flatMap(([needs, fields]) => fields.split(/\s+/).map((field) => [field, needs])));

/** Whoever asks: null without a token, and with one that is not valid. */
export type Asker = { role: Role; scopes: readonly string[] } | null;

/** Whether a scope is in effect: the token says so, and the role can have it. */
export const hasScope = (asker: Asker, scope: Scope): boolean =>
  asker !== null && asker.scopes.includes(scope) && !NEVER[asker.role].includes(scope);

/** What a field needs; undefined when nobody has said. */
export const needsOf = (type: string, field: string) => LINES.get(`${type}.${field}`) ?? LINES.get(type);

/** Every name that a line stands for. */
export const namesOfLines = (): string[] => [...LINES.keys()];

/** Whether somebody may read a field of some type at all. */
export function mayRead(asker: Asker, type: string, field: string): boolean {
  const needs = needsOf(type, field) ?? [];
  if (needs.includes('anyone')) return true;
  if (!asker) return false;
  if (needs.includes('token')) return true;
  return SCOPES.some((scope) => hasScope(asker, scope) && needs.includes(scope));
}

/** Ways in that tell of everybody's customers: who reaches only some gets nothing there. */
export const FOR_ROLES_THAT_REACH_ALL: readonly string[] = [
  'Query.webhookDeliveries',
  'Mutation.confirmEmail',
  'Mutation.linkAccount',
  'Mutation.unlinkAccount',
  'Mutation.importCustomers',
  'Subscription.importProgress',
];

/** What only a federated router may ask for, for whoever it asks. */
export const FOR_ROUTERS: readonly string[] = ['Query._entities', 'Query._service', '_Service.sdl'];

/** Where a customer stands, as a reseller in the middle of the tree sees it. */
export const PLACES = ['own', 'erased', 'below', 'sibling', 'parent', 'unmanaged', 'unknown'] as const;
export type Place = (typeof PLACES)[number];

/** Things that are not of one customer: a bulk is of whoever asked for it, and the last is of the whole gateway. */
export type Kind = 'customer' | 'bulk' | 'gateway';

/** Whether a role reaches something that stands there. */
export function reaches(role: Role, place: Place, kind: Kind = 'customer'): boolean {
  if (place === 'unknown') return false;
  if (role !== 'RESALE') return true;
  if (kind === 'gateway') return false;
  if (kind === 'bulk') return place === 'own';
  return place === 'own' || place === 'erased' || place === 'below';
}
