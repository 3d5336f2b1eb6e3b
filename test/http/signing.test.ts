/** Verified by a library that knows nothing of us, so that both sides cannot be wrong in the same way. */

import { env } from "cloudflare:workers";
import { createPublicKey, verify as verifyEd25519 } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { mintProjectScope } from "../../src/domain/access.ts";
import { readProjectId, readWorkspaceId } from "../../src/domain/ids.ts";
import { publicKeyOf, signingKeyOf } from "../../src/http/ed25519.ts";
import { signatureHeaders, signingSecret } from "../../src/http/signing.ts";
import { newId, now } from "../../src/system.ts";

const KEY = env.CARILLON_KEY;
const OTHER_KEY = Buffer.alloc(32, 8).toString("base64");
const scope = mintProjectScope(readWorkspaceId(newId()), readProjectId(newId()));
const body = '{"fn":"report","args":{"day":"Freitag – ü"}}';

const message = (more: object = {}) => ({ id: newId(), timestamp: Math.floor(now() / 1_000), body, ...more });
const verify = (secret: string, headers: Record<string, string>, text = body) =>
  new Webhook(secret).verify(text, headers);

describe("a signature", () => {
  it("is that of the published check vector", async () => {
    const vector = {
      id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
      timestamp: 1_614_265_330,
      body: '{"test": 2432232314}',
    };
    expect(await signatureHeaders(vector, ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])).toEqual({
      "webhook-id": vector.id,
      "webhook-timestamp": "1614265330",
      "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    });
  });

  it("is accepted by an independent library", async () => {
    const secret = signingSecret(KEY, scope, 1);
    expect(verify(secret, await signatureHeaders(message(), [secret]))).toEqual(JSON.parse(body));
  });

  const secret = signingSecret(KEY, scope, 1);
  const spoiled: readonly (readonly [string, (headers: Record<string, string>) => void, string])[] = [
    ["body", () => {}, body.replace("report", "purge")],
    ["id", (headers) => Object.assign(headers, { "webhook-id": newId() }), body],
    ["time", (headers) => Object.assign(headers, { "webhook-timestamp": String(Math.floor(now() / 1_000) + 1) }), body],
  ];
  it.each(spoiled)("does not fit another %s", async (_, spoil, text) => {
    const headers = await signatureHeaders(message(), [secret]);
    spoil(headers);
    expect(() => verify(secret, headers, text)).toThrow(/No matching signature/);
  });

  it("of an old call is refused by the receiver", async () => {
    const old = await signatureHeaders(message({ timestamp: Math.floor(now() / 1_000) - 301 }), [secret]);
    expect(() => verify(secret, old)).toThrow(/too old/);
  });

  it("is accepted with the new and with the old secret while one replaces the other", async () => {
    const [newer, older] = [signingSecret(KEY, scope, 2), signingSecret(KEY, scope, 1)];
    const headers = await signatureHeaders(message(), [newer, older]);
    const newest = await signatureHeaders(message(), [newer]);
    expect(verify(newer, headers)).toEqual(verify(older, headers));
    expect(() => verify(older, newest)).toThrow();
  });
});

describe("a signature with a private key", () => {
  const seed = Buffer.alloc(32, 9);

  /** As a receiver checks it that has the public key alone: node:crypto, which knows nothing of us. */
  const isGenuine = (shown: string, headers: Record<string, string>, text = body): boolean => {
    const x = Buffer.from(shown.replace("whpk_", ""), "base64").toString("base64url");
    const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
    const signed = Buffer.from(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${text}`);
    return String(headers["webhook-signature"])
      .split(" ")
      .filter((one) => one.startsWith("v1a,"))
      .some((one) => verifyEd25519(null, signed, key, Buffer.from(one.slice(4), "base64")));
  };

  it("is accepted with its public key, for this text alone, and with no other key", async () => {
    const key = await signingKeyOf(seed);
    const headers = await signatureHeaders(message(), [key]);
    expect(headers["webhook-signature"]).toMatch(/^v1a,[A-Za-z0-9+/]{86}==$/);
    expect(isGenuine(publicKeyOf(key), headers)).toBe(true);
    expect(isGenuine(publicKeyOf(key), headers, body.replace("report", "purge"))).toBe(false);
    expect(isGenuine(publicKeyOf(await signingKeyOf(Buffer.alloc(32, 10))), headers)).toBe(false);
  });

  it("stands beside one with a secret, and each receiver finds its own", async () => {
    const [secret, key] = [signingSecret(KEY, scope, 1), await signingKeyOf(seed)];
    const headers = await signatureHeaders(message(), [secret, key]);
    expect(verify(secret, headers)).toEqual(JSON.parse(body));
    expect(isGenuine(publicKeyOf(key), headers)).toBe(true);
  });
});

describe("a signing secret", () => {
  it("is always the same, `whsec_` and 32 bytes", () => {
    const secret = signingSecret(KEY, scope, 1);
    expect(secret).toMatch(/^whsec_/);
    expect(Buffer.from(secret.slice(6), "base64")).toHaveLength(32);
    expect(signingSecret(KEY, mintProjectScope(scope.workspaceId, scope.projectId), 1)).toBe(secret);
  });

  it("is another one for another generation, project, workspace and deployment", () => {
    const sibling = mintProjectScope(scope.workspaceId, readProjectId(newId()));
    const stranger = mintProjectScope(readWorkspaceId(newId()), scope.projectId);
    const secrets = [
      signingSecret(KEY, scope, 1),
      signingSecret(KEY, scope, 2),
      signingSecret(KEY, sibling, 1),
      signingSecret(KEY, stranger, 1),
      signingSecret(OTHER_KEY, scope, 1),
    ];
    expect(new Set(secrets).size).toBe(secrets.length);
  });
});
