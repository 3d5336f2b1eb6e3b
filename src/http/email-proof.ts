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

/** The value of the cookie. */
export const sealProof = (key: string, { email, way, expiresAt }: EmailProof): Promise<string> =>
  seal(key, "email_proof", JSON.stringify({ email, way, expiresAt }));

/** The proof in the cookie's value; null when it is not one of ours, or no longer counts. */
export async function readProof(key: string, value: string, now: Instant): Promise<EmailProof | null> {
  const text = await open(key, "email_proof", value).catch(() => null);
  const proof = text === null ? null : parseProof(text);
  return proof !== null && proof.expiresAt > now ? proof : null;
}

/** A proof that lacks a part, or has one of another kind, proves nothing: an end that is no number would never come. */
function parseProof(text: string): EmailProof | null {
  try {
    const { email, way, expiresAt } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    if (typeof email !== "string" || typeof expiresAt !== "number") return null;
    return way === "link" || way === "access" ? { email, way, expiresAt } : null;
  } catch {
    return null;
  }
}
