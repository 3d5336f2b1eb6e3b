/** Proofs of an address: what counts as one. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { type EmailProof, readProof, sealProof } from "../../src/http/email-proof.ts";
import { seal } from "../../src/http/seal.ts";

const KEY = env.CARILLON_KEY;
const NOW = Date.UTC(2026, 10, 22);
const PROOF: EmailProof = { email: "ada@acme.test", way: "link", expiresAt: NOW + 60_000 };

describe("the proof of an address", () => {
  it("is read as it was sealed, until it expires", async () => {
    const sealed = await sealProof(KEY, PROOF);
    expect(await readProof(KEY, sealed, PROOF.expiresAt - 1)).toEqual(PROOF);
    expect(await readProof(KEY, sealed, PROOF.expiresAt)).toBeNull();
  });

  it("is not what was sealed as a function's headers, whatever these say", async () => {
    const headers = { purpose: "email-proof", ...PROOF, expiresAt: String(PROOF.expiresAt) };
    expect(await readProof(KEY, await seal(KEY, "function_headers", JSON.stringify(headers)), NOW)).toBeNull();
  });

  it.each([
    ["an end that is no number", { ...PROOF, expiresAt: "9999999999999" }],
    ["no end", { email: PROOF.email, way: "link" }],
    ["an address that is no text", { ...PROOF, email: ["ada@acme.test"] }],
    ["another way", { ...PROOF, way: "invitation" }],
    ["nothing", null],
  ])("is not one with %s", async (_, proof) => {
    expect(await readProof(KEY, await seal(KEY, "email_proof", JSON.stringify(proof)), NOW)).toBeNull();
  });
});
