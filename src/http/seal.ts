/** Secrets at rest: AES-256-GCM with the deployment's key. A sealed text is `s1.<nonce>.<ciphertext>` in base64url. */

const FORMAT = "s1";
const NONCE_BYTES = 12;

/** Seals a text; the same text sealed twice looks different. */
export async function seal(key: string, text: string): Promise<string> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const bytes = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv: nonce },
    await importKey(key),
    new TextEncoder().encode(text),
  );
  return [FORMAT, Buffer.from(nonce).toString("base64url"), Buffer.from(bytes).toString("base64url")].join(".");
}

/** Opens what `seal` made. Throws when it was sealed with another key or changed since. */
export async function open(key: string, sealed: string): Promise<string> {
  const [format, nonce, bytes] = sealed.split(".");
  if (format !== FORMAT || nonce === undefined || bytes === undefined) throw new Error("Not a sealed text.");
  const text = await crypto.subtle.decrypt(
    { name: "AES-GCM", iv: Buffer.from(nonce, "base64url") },
    await importKey(key),
    Buffer.from(bytes, "base64url"),
  );
  return new TextDecoder().decode(text);
}

const importKey = (key: string): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", Buffer.from(key, "base64"), "AES-GCM", false, ["encrypt", "decrypt"]);
