import { describe, expect, test } from 'vitest';
import { providers } from '../../src/providers/index.ts';
import { profiles } from './profiles/index.ts';
import { requirements } from './requirements/index.ts';

const PINNED = [
  '4C1F MUST find an account by every kind of key, with its external id and identity',
  '9E07 MUST answer an unknown key with an empty list',
  'D6B3 MUST NOT take the account of another for the one that was asked for',
  '5D3A MUST give one answer per key, in order, to repeated and unknown keys as well',
  '1C7D MUST answer from a copy only where RECENT is enough, and then say its age',
  'B2C8 MUST ask for many keys in no more calls than its batch size takes',
  '80BE MUST answer every key of a batch with the error when the call fails, never with an empty list',
  'D4E2 MUST list every account once, over several pages, and then end',
  'A98E MUST NOT read a page that could not be read as an empty one',
  '71C9 MUST NOT give back the cursor that it was given',
  'E63B MUST NOT read a cursor of another form as the end of the list',
  '8A15 MUST delete the account, and no other',
  '2C7E MUST see a deleted account as its manifest says that it is left, and find it no more',
  '17F9 MUST see an account that was not deleted as PRESENT',
  '53F0 MUST be safe to repeat: NOT_FOUND or accepted, and nothing else changes',
  '1B94 MUST send a delete once, whatever comes back',
  'E08D MUST see an account as PRESENT that the vendor only claims to have deleted',
  'C5D2 MUST NOT see an account as gone when the look itself has failed',
  '6F4E MUST see another account under the same external id as RECREATED',
  'D81B MUST delete just the account with a nasty key, or refuse the key before anything is sent',
  'A25F MUST find just the account with a nasty key, or nobody, or refuse the key',
  'C09D MUST find the same by many keys at once as by each alone, save those that it refuses',
  '20C4 MUST NOT say of an account with a nasty key that another was seen',
  'C3A6 MUST read 400, 422 as INVALID',
  '07D1 MUST read 401 as UNAUTHENTICATED',
  '9B3F MUST read 403 as FORBIDDEN',
  "5E82 MUST read 404 to a delete, in the vendor's own form, as NOT_FOUND",
  'AD40 MUST NOT read 404 of a proxy or router as the absence of an account',
  '64E9 MUST read 409 as CONFLICT',
  'F82B MUST read 429 as RATE_LIMITED',
  '1D5C MUST read 500, 502, 504, 408 as UNAVAILABLE for a lookup and OUTCOME_UNKNOWN for a delete',
  'B7A0 MUST read 503 as UNAVAILABLE',
  '3E16 MUST read 405, 418, 451 as UNEXPECTED_RESPONSE',
  "DA27 MUST read the vendor's own errors by their bodies before their status",
  '42B5 MUST NOT follow a redirect',
  '6A0D MUST come back no sooner than Retry-After says, in seconds',
  '0B7C MUST come back no sooner than Retry-After says, as an HTTP date',
  'E9F4 MUST NOT name a time that is past or no time when Retry-After makes no sense',
  '58DE SHOULD say when to come back after 429 without Retry-After, in the future if at all',
  'CE38 MUST read an HTML page under 200 as UNEXPECTED_RESPONSE',
  '29A1 MUST read broken JSON as UNEXPECTED_RESPONSE',
  '7F63 MUST NOT read an empty body or foreign JSON as the absence of an account',
  'B450 MUST NOT take an answer that says that it failed for a deletion',
  '8D9C MUST read JSON as JSON under another content type',
  '1F0E MUST read a body that breaks off as UNAVAILABLE for a lookup and OUTCOME_UNKNOWN for a delete',
  'A6B2 MUST end a body without end as UNEXPECTED_RESPONSE, in bounded memory',
  '3C54 MUST read a connection cut before the vendor acted as UNAVAILABLE for a lookup, OUTCOME_UNKNOWN for a delete',
  'F6E5 MUST read a connection cut after the vendor acted as UNAVAILABLE for a lookup, OUTCOME_UNKNOWN for a delete',
  '90D8 MUST read a refused connection as UNAVAILABLE, for a delete too',
  '6BC7 MUST give up at the deadline when no answer comes',
  'E24A MUST give up at the deadline when a body comes too slowly',
  '05F3 MUST NOT send anything when the signal has ended before',
  'BF19 MUST send a credential with every call',
  '4A8E MUST NOT show a credential anywhere in an error',
  '73D6 MUST NOT name the customer or the path in the message of an error',
  'A0F3 MUST fetch one token for ten calls at once',
  '3B8D MUST renew a revoked token once, for ten calls at once, and carry on',
  'C952 MUST renew a token before the vendor refuses it as expired',
  '0E6A MUST NOT try a refused credential again at once',
  'F1D7 MUST read a token endpoint that is down as UNAVAILABLE, for a delete too, and ask it again',
  '2D70 MUST pass on a rate limit of the token endpoint, with its time',
  '48BC MUST give up at the deadline of the call when the token endpoint does not answer',
  '96A5 MUST NOT let the end of one call end the token call that others wait for',
  'FA61 MUST find a good credential good, and never say that it may not delete',
  '37E2 MUST find a refused credential UNAUTHENTICATED',
  'EC0B MUST check the credential without changing anything',
  '5A97 MUST inspect an account without changing anything',
  'B1C0 MUST be safe to prepare twice, and touch no other customer',
  'E5A8 MUST create an account that is then found, and no other',
  '9F1B MUST refuse with CONFLICT to create an account that is there, and change nothing',
  '38C6 MUST issue a token that ends when it was asked to',
  'D07E MUST say NOT_FOUND when a token is asked for an account that is not there',
  '64BA MUST end a token and see it refused, once and again, and no other token',
];

describe('the requirements', () => {
  test('are these, each with an id of its own', () => {
    expect(requirements.map(({ id, name }) => `${id} ${name}`)).toEqual(PINNED);
    expect(new Set(requirements.map(({ id }) => id)).size).toBe(requirements.length);
    for (const line of PINNED) expect(line).toMatch(/^[0-9A-F]{4} (MUST|SHOULD) /);
  });

  test('are put to every provider that there is', () => {
    expect(profiles.map(({ provider }) => provider)).toEqual(providers.map(({ id }) => id));
  });

  test('are excepted by id, with a reason', () => {
    const ids = requirements.map(({ id }) => id);
    for (const { exceptions } of profiles) {
      for (const [id, reason] of Object.entries(exceptions)) {
        expect(ids).toContain(id);
        expect(reason.split(' ').length).toBeGreaterThan(4);
      }
    }
  });
});
