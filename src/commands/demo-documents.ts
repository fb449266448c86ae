/** What the demo asks, and what GraphiQL's tabs show. */

export const FIND = `query Find($email: EmailAddress!) {
  customerByEmail(email: $email) {
    id
    name
    manager { name }
    accounts {
      __typename
      ... on Account { externalId integration { id } }
      ... on ParticleAccount { devices { id online } }
      ... on EngagelabAccount { alias tags }
      ... on LearnAccount { name role status }
      ... on VpnAccount { activeSubscription }
      ... on OneloginAccount { username apps { name } }
      ... on AccountFailure { integration { id } code message }
    }
  }
}`;

export const PLAN = `query Plan($customerId: ID!) {
  erasurePlan(customerId: $customerId) {
    items {
      integration { id provider }
      presence
      leaves
      canBeVerified
      sideEffects { message count names }
      warnings { message }
    }
    blockers { message integration { id } }
  }
}`;

export const DELETE = `mutation Delete($input: DeleteCustomerInput!) {
  deleteCustomer(input: $input) {
    __typename
    ... on DeleteCustomerPayload { erasure { id state } }
    ... on ErasureBlockedError { message blockers { message } }
    ... on ErasureAlreadyOpenError { message erasure { id state } }
    ... on Error { message }
  }
}`;

export const WATCH = `subscription Watch($erasureId: ID!) {
  erasureProgress(erasureId: $erasureId) {
    sequence
    at
    action
    integrationId
    taskState
    outcome
    verdict
    waitingReason
    nextTryAt
    erasure { state summary }
  }
}`;

export const VERIFY = `query Verify($erasureId: ID!) {
  erasure(id: $erasureId) {
    state
    summary
    tasks {
      integrationId
      state
      outcome
      verdict
      errorMessage
      attempts { number kind result }
    }
  }
}`;

export const RECEIPT = `query Receipt($erasureId: ID!) {
  erasure(id: $erasureId) { receipt { path issuedAt jws } }
}`;
