/** What the calls of one webhook endpoint are signed with. Sealed in the directory; the private key never leaves the house. */

import type { WebhookSignatures } from "../domain/news/webhook.ts";
import type { Instant } from "../domain/time/instant.ts";
import { ED25519_SEED_BYTES, signingKeyOf } from "./ed25519.ts";
import { open, seal } from "./seal.ts";

const SECRET_BYTES = 32;
/** How many unpredictable bytes the keys of an endpoint are made of. */
export const WEBHOOK_RANDOM_BYTES = SECRET_BYTES + ED25519_SEED_BYTES;

/** Made, shown and replaced together, whichever of them the endpoint wants calls to be signed with. */
export interface WebhookKeys {
  /** `whsec_…`: both sides know it. */
  readonly secret: string;
  /** `whsk_…`: only we know it; its public half is what receivers are given. */
  readonly signingKey: string;
}

/** Keys as the directory keeps them: those of now, and those that they replaced. */
export interface SealedKeys {
  readonly current: string;
  readonly previous: { readonly sealed: string; readonly until: Instant } | null;
}

/** Keys that can be used. */
export interface OpenedKeys {
  readonly current: WebhookKeys;
  readonly previous: { readonly keys: WebhookKeys; readonly until: Instant } | null;
}

/** New keys. */
export async function makeWebhookKeys(random: Uint8Array): Promise<WebhookKeys> {
  const secret = Buffer.from(random.subarray(0, SECRET_BYTES)).toString("base64");
  const signingKey = await signingKeyOf(random.subarray(SECRET_BYTES, WEBHOOK_RANDOM_BYTES));
  return { secret: `whsec_${secret}`, signingKey };
}

export const sealWebhookKeys = (key: string, keys: WebhookKeys): Promise<string> =>
  seal(key, "webhook_secret", JSON.stringify(keys));

/** Opens what is kept. Throws when it was sealed with another key. */
export async function openWebhookKeys(key: string, { current, previous }: SealedKeys): Promise<OpenedKeys> {
  return {
    current: await openOne(key, current),
    previous: previous === null ? null : { keys: await openOne(key, previous.sealed), until: previous.until },
  };
}

/** What signs at this moment, newest first, for `signatureHeaders`. */
export function validSecrets(
  { current, previous }: OpenedKeys,
  signatures: WebhookSignatures,
  now: Instant,
): readonly string[] {
  const valid = previous !== null && previous.until > now ? [current, previous.keys] : [current];
  return valid.flatMap(({ secret, signingKey }) => [
    ...(signatures === "v1a" ? [] : [secret]),
    ...(signatures === "v1" ? [] : [signingKey]),
  ]);
}

const openOne = async (key: string, sealed: string): Promise<WebhookKeys> =>
  parseKeys(await open(key, "webhook_secret", sealed));

/** What was sealed here is what `sealWebhookKeys` wrote. */
const parseKeys = (json: string): WebhookKeys => JSON.parse(json) as WebhookKeys;
