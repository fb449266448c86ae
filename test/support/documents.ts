/** Documents that several suites send. */

export const DELETE = `mutation ($input: DeleteCustomerInput!) {
  deleteCustomer(input: $input) {
    __typename
    ... on DeleteCustomerPayload { erasure { id state } }
    ... on Error { message }
    ... on InvalidInputError { issues { path message } }
    ... on ErasureBlockedError { blockers { code integration { id } } }
    ... on ErasureAlreadyOpenError { erasure { id } }
  }
}`;

export const ERASURE = `query ($id: ID!) {
  erasure(id: $id) {
    id state summary everywhere irreversibleAt cancelRequestedAt finishedAt sequence
    customer { id email erasedAt }
    tasks {
      id integrationId presence state outcome verdict waitingReason errorCode providerReason
      suspended resolution resolvedBy resolutionReason
      attempts { number kind result }
    }
  }
}`;

export const PROGRESS = `subscription ($id: ID!, $after: Int) {
  erasureProgress(erasureId: $id, after: $after) {
    sequence action integrationId taskState outcome verdict waitingReason nextTryAt erasure { state }
  }
}`;

export const AUDIT = `query ($erasureId: ID, $customerId: ID, $first: Int) {
  auditLog(erasureId: $erasureId, customerId: $customerId, first: $first) {
    edges { node { action actor role customerId erasureId sequence integrationId reason details } }
  }
}`;

export const WAITING = `subscription ($id: ID!) {
  erasureProgress(erasureId: $id) { action integrationId waitingReason erasure { state tasks { waitingReason } } }
}`;

export const APPROVE = `mutation ($input: ApproveErasureInput!) {
  approveErasure(input: $input) {
    __typename
    ... on Error { message }
    ... on NotAwaitingApprovalError { erasure { state } }
    ... on PlanChangedError { changes { kind } }
    ... on ErasureDecisionPayload { erasure { id state approvedBy } }
  }
}`;

export const DENY = `mutation ($input: DenyErasureInput!) {
  denyErasure(input: $input) { __typename ... on Error { message } }
}`;

export const RETRY = `mutation ($input: RetryErasureInput!) {
  retryErasure(input: $input) {
    __typename
    ... on Error { message }
    ... on ErasureResumedPayload { erasure { id state } }
  }
}`;

export const RESOLVE = `mutation ($input: ResolveTaskInput!) {
  resolveTask(input: $input) {
    __typename
    ... on Error { message }
    ... on InvalidInputError { issues { path message } }
  }
}`;

export const CANCEL = `mutation ($id: ID!) {
  cancelErasure(input: { erasureId: $id, reason: "changed my mind" }) { __typename ... on Error { message } }
}`;
