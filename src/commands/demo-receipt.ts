import { setTimeout } from 'node:timers/promises';
import type { JSONWebKeySet } from 'jose';
import { verifyReceipt } from '../erasure/verify-receipt.ts';
import type { Client } from './client.ts';
import { RECEIPT } from './demo-documents.ts';

const LOOK_EVERY_MS = 100;
const LOOKS = 50;

interface Answer {
  erasure: { receipt: { path: string } | null };
}

/** Where the receipt is, once it is signed; null when that takes too long. */
async function pathOf(client: Client, erasureId: string): Promise<string | null> {
  for (let look = 0; look < LOOKS; look++) {
    const { erasure } = await client.query<Answer>(RECEIPT, { erasureId });
    if (erasure.receipt) return erasure.receipt.path;
    await setTimeout(LOOK_EVERY_MS);
  }
  return null;
}

/** Verifies the receipt of an erasure as anyone can, and says where it is. Returns what was not as expected. */
export async function showReceipt(
  client: Client,
  erasureId: string,
  say: (text: string) => void,
): Promise<string[]> {
  const path = await pathOf(client, erasureId);
  if (path === null) return ['the receipt was not signed'];
  const keys = JSON.parse(await client.fetch('/.well-known/jwks.json')) as JSONWebKeySet;
  const { body, index, checkpoint } = await verifyReceipt(await client.fetch(path), keys);
  say(
    `\n5. The signed receipt at ${path} says ${body.state}, and is entry ${index + 1} of ${checkpoint.size}`,
  );
  say('   in the audit log. It verifies with the public keys alone: customer-gateway verify-receipt');
  return [];
}
