/** The keys of an endpoint: made, sealed, opened, and valid for a while after they are replaced. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { publicKeyOf } from "../../src/http/ed25519.ts";
import { seal } from "../../src/http/seal.ts";
import {
  makeWebhookKeys,
  openWebhookKeys,
  sealWebhookKeys,
  validSecrets,
  WEBHOOK_RANDOM_BYTES,
} from "../../src/http/webhook-keys.ts";
import { randomBytes } from "../../src/system.ts";

const KEY = env.CARILLON_KEY;
const make = () => makeWebhookKeys(randomBytes(WEBHOOK_RANDOM_BYTES));

describe("keys", () => {
  it("are a secret of 32 bytes and a key pair, in the forms of Standard Webhooks", async () => {
    const { secret, signingKey } = await make();
    expect(Buffer.from(secret.replace(/^whsec_/, ""), "base64")).toHaveLength(32);
    expect(Buffer.from(signingKey.replace(/^whsk_/, ""), "base64")).toHaveLength(64);
    expect(Buffer.from(publicKeyOf(signingKey).replace(/^whpk_/, ""), "base64")).toHaveLength(32);
  });

  it("are sealed, and opened again with the same key and for the same purpose alone", async () => {
    const keys = await make();
    const sealed = await sealWebhookKeys(KEY, keys);
    expect(sealed).not.toContain(keys.secret.slice(6));
    expect(await openWebhookKeys(KEY, { current: sealed, previous: null })).toEqual({ current: keys, previous: null });
    const other = Buffer.alloc(32, 8).toString("base64");
    await expect(openWebhookKeys(other, { current: sealed, previous: null })).rejects.toThrow();
    const foreign = await seal(KEY, "function_headers", JSON.stringify(keys));
    await expect(openWebhookKeys(KEY, { current: foreign, previous: null })).rejects.toThrow();
  });
});

describe("at a moment", () => {
  it.each([
    ["v1", ["secret"]],
    ["v1a", ["signingKey"]],
    ["both", ["secret", "signingKey"]],
  ] as const)(
    "an endpoint that wants %s is signed for with %j, until the overlap is over with the old ones too",
    async (signatures, names) => {
      const [current, previous] = [await make(), await make()];
      const opened = { current, previous: { keys: previous, until: 1_000 } };
      const [newer, older] = [names.map((name) => current[name]), names.map((name) => previous[name])];
      expect(validSecrets(opened, signatures, 999)).toEqual([...newer, ...older]);
      expect(validSecrets(opened, signatures, 1_000)).toEqual(newer);
      expect(validSecrets({ current, previous: null }, signatures, 0)).toEqual(newer);
    },
  );
});
