/** One call of an endpoint: what it carries, verified by others than us, and what each answer comes to. */

import { env } from "cloudflare:workers";
import { createPublicKey, verify as verifyEd25519 } from "node:crypto";
import { Webhook as Verifier } from "standardwebhooks";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { CALL_TIMEOUT_MS, callWebhook } from "../../../src/delivery/webhook/call.ts";
import type { CallableWebhook } from "../../../src/delivery/webhook/endpoint.ts";
import type { AddressRules } from "../../../src/http/address.ts";
import { publicKeyOf } from "../../../src/http/ed25519.ts";
import { makeWebhookKeys, WEBHOOK_RANDOM_BYTES } from "../../../src/http/webhook-keys.ts";
import { newId, now, randomBytes } from "../../../src/system.ts";
import { makeCallable } from "../../support/make-webhook.ts";
import type { ReceivedCall } from "../../support/receiver-server.ts";

const LOCAL: AddressRules = { allowLoopback: true, ownHosts: [] };
const PUBLIC: AddressRules = { allowLoopback: false, ownHosts: ["carillon.example.com"] };
const BODY = '{"type":"run.failed","data":{"summary":"Grüße – 世界"}}';
let box = "";

beforeEach(() => {
  box = newId();
});

const endpointAt = (behaviour: string, facts: Partial<CallableWebhook> = {}) =>
  makeCallable({ url: `${env.RECEIVER}/${box}/${behaviour}`, ...facts });

async function callAt(behaviour: string, facts: Partial<CallableWebhook> = {}, at = now()) {
  const endpoint = await endpointAt(behaviour, facts);
  return callWebhook(endpoint, { id: "msg_1", body: BODY }, { now: at, rules: LOCAL });
}

const received = async (): Promise<readonly ReceivedCall[]> => (await fetch(`${env.RECEIVER}/${box}`)).json();
const theCall = async (): Promise<ReceivedCall> => (await received()).at(-1) ?? expect.fail("It was not called.");

/** By its public key alone, as a receiver has it. */
function isGenuine(publicKey: string, { headers, body }: ReceivedCall): boolean {
  const x = Buffer.from(publicKey.replace("whpk_", ""), "base64").toString("base64url");
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  const signed = Buffer.from(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`);
  const signatures = String(headers["webhook-signature"]).split(" ");
  return signatures.some(
    (one) => one.startsWith("v1a,") && verifyEd25519(null, signed, key, Buffer.from(one.slice(4), "base64")),
  );
}

const isVerified = (secret: string, { headers, body }: ReceivedCall): boolean => {
  try {
    new Verifier(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
};

describe("a call", () => {
  it("carries exactly the body, as JSON, with the id of the message and the moment of the attempt", async () => {
    const at = now() - 60_000;
    expect(await callAt("ok", {}, at)).toMatchObject({ outcome: { kind: "sent" }, status: 200 });
    const { headers, body } = await theCall();
    expect(body).toBe(BODY);
    expect(headers).toMatchObject({
      "content-type": "application/json",
      "user-agent": "Carillon",
      "webhook-id": "msg_1",
      "webhook-timestamp": String(Math.floor(at / 1_000)),
    });
  });

  it.each([
    ["v1", true, false],
    ["v1a", false, true],
    ["both", true, true],
  ] as const)(
    "with signatures %s is accepted by the secret: %s, by the public key: %s",
    async (signatures, bySecret, byKey) => {
      const endpoint = await endpointAt("ok", { signatures });
      await callWebhook(endpoint, { id: "msg_1", body: BODY }, { now: now(), rules: LOCAL });
      const { secret, signingKey } = endpoint.opened.current;
      const call = await theCall();
      expect([isVerified(secret, call), isGenuine(publicKeyOf(signingKey), call)]).toEqual([bySecret, byKey]);
    },
  );

  it("after a rotation is accepted by old and new, and when the overlap is over by the new alone", async () => {
    const previous = await makeWebhookKeys(randomBytes(WEBHOOK_RANDOM_BYTES));
    const { opened } = await makeCallable();
    const until = now() + 60_000;
    const facts = { signatures: "both", opened: { ...opened, previous: { keys: previous, until } } } as const;
    const seen = (call: ReceivedCall) =>
      [opened.current, previous].map(({ secret, signingKey }) => [
        isVerified(secret, call),
        isGenuine(publicKeyOf(signingKey), call),
      ]);
    await callAt("ok", facts);
    expect(seen(await theCall())).toEqual([
      [true, true],
      [true, true],
    ]);
    await callAt("ok", facts, until);
    expect(seen(await theCall())).toEqual([
      [true, true],
      [false, false],
    ]);
  });

  it("to a rotated endpoint does not carry a secret, and no signature of the version that it does not want", async () => {
    await callAt("ok");
    expect((await theCall()).headers["webhook-signature"]).toMatch(/^v1,[A-Za-z0-9+/]{43}=$/);
  });
});

const refused = (status: number, more = "") => ({
  message: `The endpoint answered ${status}${more}.`,
  code: String(status),
});

describe("an answer", () => {
  it.each([
    ["ok", { kind: "sent" }],
    ["empty", { kind: "sent" }],
    ["accept", { kind: "sent" }],
    ["huge", { kind: "sent" }],
    [
      "status-301",
      { kind: "again", failure: { reason: "endpoint_redirects", ...refused(301, "; redirects are not followed") } },
    ],
    [
      "redirect",
      { kind: "again", failure: { reason: "endpoint_redirects", ...refused(302, "; redirects are not followed") } },
    ],
    ["status-400", { kind: "again", failure: { reason: "endpoint_refused", ...refused(400) } }],
    ["status-401", { kind: "again", failure: { reason: "endpoint_refused", ...refused(401) } }],
    ["status-404", { kind: "again", failure: { reason: "endpoint_refused", ...refused(404) } }],
    ["status-410", { kind: "failed", failure: { reason: "endpoint_gone", ...refused(410, ", Gone") } }],
    ["limited-90", { kind: "again", failure: { reason: "rate_limited", ...refused(429) }, after: 90_000 }],
    ["status-429", { kind: "again", failure: { reason: "rate_limited", ...refused(429) } }],
    ["status-500", { kind: "again", failure: { reason: "endpoint_refused", ...refused(500) } }],
    ["status-502", { kind: "again", failure: { reason: "out_of_order", ...refused(502) } }],
    ["retry-after-7", { kind: "again", failure: { reason: "out_of_order", ...refused(503) }, after: 7_000 }],
    ["status-504", { kind: "again", failure: { reason: "out_of_order", ...refused(504) } }],
    [
      "abort",
      {
        kind: "failed",
        failure: { reason: "aborted_by_endpoint", ...refused(500, " and asked not to be sent this message again") },
      },
    ],
  ])("of %s is %j", async (behaviour, outcome) => {
    expect((await callAt(behaviour)).outcome).toEqual(outcome);
    expect(await received()).toHaveLength(1);
  });

  it("names a time to wait for as a date too", async () => {
    const at = Date.UTC(2027, 0, 15, 8);
    const { outcome } = await callAt(`until-${at / 1_000 + 30}`, {}, at);
    expect(outcome).toMatchObject({ kind: "again", after: 30_000 });
  });

  it("is shown by its first characters, without any that could garble a page, and in no failure", async () => {
    const { outcome, excerpt } = await callAt("status-503");
    expect(excerpt).toBe("status 503\ufffd[31m");
    expect(JSON.stringify(outcome)).not.toContain("[31m");
    const long = await callAt("long-5000");
    expect(long.excerpt).toHaveLength(500);
    expect(JSON.stringify(long.outcome)).not.toContain("zz");
    expect((await callAt("empty")).excerpt).toBeNull();
  });

  it("that does not come in time is waited for no longer, and may be asked for again", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const calling = callAt("slow-1000");
    while (vi.getTimerCount() === 0) await new Promise((resolve) => setImmediate(resolve));
    await vi.advanceTimersByTimeAsync(CALL_TIMEOUT_MS);
    expect(await calling).toEqual({
      outcome: { kind: "again", failure: { reason: "no_answer", message: "No answer within 15000 ms." } },
      status: null,
      excerpt: null,
    });
  });

  it("that is lost on the way may be asked for again: the receiver knows the message by its id", async () => {
    vi.spyOn(globalThis, "fetch").mockRejectedValueOnce(new TypeError("Network connection lost."));
    expect(await callAt("ok")).toEqual({
      outcome: {
        kind: "again",
        failure: { reason: "unreachable", message: "The call did not get through: Network connection lost." },
      },
      status: null,
      excerpt: null,
    });
  });
});

describe("an address that may not be called", () => {
  it.each([
    "http://example.com/hook",
    "https://127.0.0.1/hook",
    "https://0x7f.1/hook",
    "https://[::1]/hook",
    "https://[::ffff:10.0.0.1]/hook",
    "https://localhost/hook",
    "https://10.1.2.3/hook",
    "https://169.254.169.254/latest/meta-data/",
    "https://metadata.google.internal/",
    "https://carillon.example.com/v1/projects",
    "https://user:secret@example.com/hook",
    "ftp://example.com/hook",
    "not an address",
  ])("%s is refused for good before a byte leaves, at every call", async (url) => {
    const left = vi.spyOn(globalThis, "fetch");
    const endpoint = await makeCallable({ url });
    const { outcome, status } = await callWebhook(endpoint, { id: "msg_1", body: BODY }, { now: now(), rules: PUBLIC });
    expect(outcome).toMatchObject({ kind: "failed", failure: { reason: "address_not_allowed" } });
    expect(status).toBeNull();
    expect(left).not.toHaveBeenCalled();
  });
});
