import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { open, seal } from "../../src/http/seal.ts";

const KEY = env.CARILLON_KEY;
const FOR = "function_headers";
const TEXT = JSON.stringify({ authorization: "Bearer s3cret-ü" });

describe("a sealed text", () => {
  it.each([TEXT, "", "x".repeat(20_000)])("opens to what it was", async (text) => {
    expect(await open(KEY, FOR, await seal(KEY, FOR, text))).toBe(text);
  });

  it("looks different each time and shows nothing of the text", async () => {
    const [one, other] = [await seal(KEY, FOR, TEXT), await seal(KEY, FOR, TEXT)];
    expect(one).not.toBe(other);
    expect(Buffer.from(one.split(".")[2] ?? "", "base64url").toString("latin1")).not.toContain("s3cret");
  });

  it("does not open with another key", async () => {
    const sealed = await seal(KEY, FOR, TEXT);
    await expect(open(Buffer.alloc(32, 8).toString("base64"), FOR, sealed)).rejects.toThrow();
  });

  it("does not open once any of its bytes is another one", async () => {
    const [format = "", ...parts] = (await seal(KEY, FOR, TEXT)).split(".");
    for (const [place, part] of parts.entries()) {
      const bytes = Buffer.from(part, "base64url");
      for (let index = 0; index < bytes.length; index += 1) {
        const changed = Buffer.from(bytes);
        changed[index] = (changed[index] ?? 0) ^ 0x80;
        const tampered = [format, ...parts.with(place, changed.toString("base64url"))].join(".");
        await expect(open(KEY, FOR, tampered)).rejects.toThrow();
      }
    }
  });

  it.each(["", "s1", "s1.x", "s3.AAAA.AAAA", TEXT])("is not %j", async (text) => {
    await expect(open(KEY, FOR, text)).rejects.toThrow("Not a sealed text.");
  });
});

/** As releases before the purposes sealed. */
async function sealWithoutPurpose(text: string): Promise<string> {
  const key = await crypto.subtle.importKey("raw", Buffer.from(KEY, "base64"), "AES-GCM", false, ["encrypt"]);
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const bytes = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, key, new TextEncoder().encode(text));
  return `s1.${Buffer.from(nonce).toString("base64url")}.${Buffer.from(bytes).toString("base64url")}`;
}

describe("a purpose", () => {
  it("opens nothing that was sealed for another", async () => {
    await expect(open(KEY, "email_proof", await seal(KEY, "function_headers", TEXT))).rejects.toThrow();
    await expect(open(KEY, "function_headers", await seal(KEY, "email_proof", TEXT))).rejects.toThrow();
  });

  it("is not escaped by naming the form without one", async () => {
    const proof = await seal(KEY, "email_proof", TEXT);
    await expect(open(KEY, "function_headers", proof.replace("s2.", "s1."))).rejects.toThrow();
    await expect(open(KEY, "email_proof", proof.replace("s2.", "s1."))).rejects.toThrow("Not a sealed text.");
  });

  it("of headers opens what an earlier release sealed, and no other does", async () => {
    const old = await sealWithoutPurpose(TEXT);
    expect(await open(KEY, "function_headers", old)).toBe(TEXT);
    await expect(open(KEY, "email_proof", old)).rejects.toThrow("Not a sealed text.");
  });
});
