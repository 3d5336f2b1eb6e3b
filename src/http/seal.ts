/**
 * Secrets at rest: AES-256-GCM with the deployment's key. A sealed text is `s2.<nonce>.<ciphertext>` in base64url. Each is
 * sealed for a purpose, which is authenticated with it (NIST SP 800-38D, additional data) and opens for no other: else
 * whoever may have one thing sealed could hand it in as another.
 */

/** What is sealed. */
export type SealPurpose = "function_headers" | "email_proof" | "webhook_secret" | "slack_token";

const FORMAT = "s2";
/**
 * Texts that were sealed before there were purposes. Versions keep their headers as they were published, so these are read
 * on as headers, and as nothing else.
 */
const FORMAT_WITHOUT_PURPOSE = "s1";
const NONCE_BYTES = 12;

/** Seals a text; the same text sealed twice looks different. */
export async function seal(key: string, purpose: SealPurpose, text: string): Promise<string> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const bytes = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv: nonce, additionalData: new TextEncoder().encode(purpose) },
    await importKey(key),
    new TextEncoder().encode(text),
  );
  return [FORMAT, Buffer.from(nonce).toString("base64url"), Buffer.from(bytes).toString("base64url")].join(".");
}

/** Opens what `seal` made. Throws when it was sealed for something else, with another key, or changed since. */
export async function open(key: string, purpose: SealPurpose, sealed: string): Promise<string> {
  const [format, nonce, bytes] = sealed.split(".");
  const isOld = format === FORMAT_WITHOUT_PURPOSE && purpose === "function_headers";
  if ((format !== FORMAT && !isOld) || nonce === undefined || bytes === undefined)
    throw new Error("Not a sealed text.");
  const text = await crypto.subtle.decrypt(
    {
      name: "AES-GCM",
      iv: Buffer.from(nonce, "base64url"),
      ...(isOld ? {} : { additionalData: new TextEncoder().encode(purpose) }),
    },
    await importKey(key),
    Buffer.from(bytes, "base64url"),
  );
  return new TextDecoder().decode(text);
}

const importKey = (key: string): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", Buffer.from(key, "base64"), "AES-GCM", false, ["encrypt", "decrypt"]);
