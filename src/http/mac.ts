/** HMAC-SHA256 with keys that are kept: importing one costs more than the MAC, and WebCrypto is quicker than node:crypto. */

/** Keys and not promises of keys: a promise belongs to the request that made it, and another one could wait for ever. */
const imported = new Map<string, CryptoKey>();
const IMPORTED_MAX = 1_000;

/** The key of these bytes. */
export async function macKey(bytes: Uint8Array): Promise<CryptoKey> {
  const name = Buffer.from(bytes).toString("base64");
  const known = imported.get(name);
  if (known !== undefined) return known;
  const key = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  if (imported.size >= IMPORTED_MAX) imported.clear();
  imported.set(name, key);
  return key;
}

/** The MAC of a text. */
export async function mac(key: CryptoKey, text: string): Promise<Buffer> {
  return Buffer.from(await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(text)));
}
