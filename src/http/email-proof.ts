/**
 * The proof that a browser's person has an address: kept by that browser while they choose among the workspaces of the
 * address. Sealed, so that nobody can name another address in it, nor read this one.
 */
import type { Instant } from "../domain/time/instant.ts";
import { open, seal } from "./seal.ts";

export const PROOF_COOKIE = "__Host-carillon-proof";

/** What was proven, how, and until when that counts. */
export interface EmailProof {
  readonly email: string;
  readonly way: "link" | "access";
  readonly expiresAt: Instant;
}

const PURPOSE = "email-proof";

/** The value of the cookie. */
export const sealProof = (key: string, proof: EmailProof): Promise<string> =>
  seal(key, JSON.stringify({ purpose: PURPOSE, ...proof }));

/** The proof in the cookie's value; null when it is not one of ours, or no longer counts. */
export async function readProof(key: string, value: string, now: Instant): Promise<EmailProof | null> {
  const text = await open(key, value).catch(() => null);
  if (text === null) return null;
  const proof = parseProof(text);
  return proof !== null && proof.expiresAt > now ? proof : null;
}

/** Other things are sealed with the same key; only what was sealed as a proof is one. */
function parseProof(text: string): EmailProof | null {
  try {
    const proof = JSON.parse(text) as EmailProof & { readonly purpose?: string };
    return proof.purpose === PURPOSE ? proof : null;
  } catch {
    return null;
  }
}
