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
      integrationId presence state outcome verdict waitingReason errorCode providerReason
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
