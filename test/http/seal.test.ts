import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { open, seal } from "../../src/http/seal.ts";

const KEY = env.CARILLON_KEY;
const TEXT = JSON.stringify({ authorization: "Bearer s3cret-ü" });

describe("a sealed text", () => {
  it.each([TEXT, "", "x".repeat(20_000)])("opens to what it was", async (text) => {
    expect(await open(KEY, await seal(KEY, text))).toBe(text);
  });

  it("looks different each time and shows nothing of the text", async () => {
    const [one, other] = [await seal(KEY, TEXT), await seal(KEY, TEXT)];
    expect(one).not.toBe(other);
    expect(Buffer.from(one.split(".")[2] ?? "", "base64url").toString("latin1")).not.toContain("s3cret");
  });

  it("does not open with another key", async () => {
    const sealed = await seal(KEY, TEXT);
    await expect(open(Buffer.alloc(32, 8).toString("base64"), sealed)).rejects.toThrow();
  });

  it("does not open once any of its bytes is another one", async () => {
    const [format = "", ...parts] = (await seal(KEY, TEXT)).split(".");
    for (const [place, part] of parts.entries()) {
      const bytes = Buffer.from(part, "base64url");
      for (let index = 0; index < bytes.length; index += 1) {
        const changed = Buffer.from(bytes);
        changed[index] = (changed[index] ?? 0) ^ 0x80;
        const tampered = [format, ...parts.with(place, changed.toString("base64url"))].join(".");
        await expect(open(KEY, tampered)).rejects.toThrow();
      }
    }
  });

  it.each(["", "s1", "s1.x", "s2.AAAA.AAAA", TEXT])("is not %j", async (text) => {
    await expect(open(KEY, text)).rejects.toThrow("Not a sealed text.");
  });
});
