/**
 * Ed25519 (RFC 8032) as Standard Webhooks uses it for `v1a`: the private key is shown as `whsk_`, the public one as `whpk_`,
 * each followed by base64. The private one is the 32 bytes it was made from, then the 32 of the public one.
 */

const PRIVATE_PREFIX = "whsk_";
const PUBLIC_PREFIX = "whpk_";
/** How many unpredictable bytes a key pair is made of. */
export const ED25519_SEED_BYTES = 32;
/** What stands before the seed in a private key of PKCS #8 (RFC 8410 section 7). */
const PKCS8_HEAD = Buffer.from("302e020100300506032b657004220420", "hex");

/** Keys and not promises of keys: a promise belongs to the request that made it. */
const imported = new Map<string, CryptoKey>();
const IMPORTED_MAX = 1_000;

/** The private key, `whsk_…`, made from these bytes. */
export async function signingKeyOf(seed: Uint8Array): Promise<string> {
  const exported = await crypto.subtle.exportKey("jwk", await importSeed(seed, true));
  if (exported instanceof ArrayBuffer || exported.x === undefined)
    throw new Error("An Ed25519 key has no public half.");
  return `${PRIVATE_PREFIX}${Buffer.concat([seed, Buffer.from(exported.x, "base64url")]).toString("base64")}`;
}

/** The public half of a private key, `whpk_…`. */
export const publicKeyOf = (signingKey: string): string =>
  `${PUBLIC_PREFIX}${bytesOf(signingKey).subarray(ED25519_SEED_BYTES).toString("base64")}`;

/** The signature of a text. */
export async function signEd25519(signingKey: string, text: string): Promise<Buffer> {
  let key = imported.get(signingKey);
  if (key === undefined) {
    key = await importSeed(bytesOf(signingKey).subarray(0, ED25519_SEED_BYTES), false);
    if (imported.size >= IMPORTED_MAX) imported.clear();
    imported.set(signingKey, key);
  }
  return Buffer.from(await crypto.subtle.sign("Ed25519", key, new TextEncoder().encode(text)));
}

/** Whether the text is a private key of this kind, and no shared secret. */
export const isSigningKey = (text: string): boolean => text.startsWith(PRIVATE_PREFIX);

const bytesOf = (key: string): Buffer => Buffer.from(key.slice(PRIVATE_PREFIX.length), "base64");

const importSeed = (seed: Uint8Array, extractable: boolean): Promise<CryptoKey> =>
  crypto.subtle.importKey("pkcs8", Buffer.concat([PKCS8_HEAD, seed]), "Ed25519", extractable, ["sign"]);
