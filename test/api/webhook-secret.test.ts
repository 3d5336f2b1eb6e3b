/** `/v1/webhooks/{w}/secret`: shown to admins, and replaced while the old one goes on for a while. */
import { env } from "cloudflare:workers";
import { Webhook as Verifier } from "standardwebhooks";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { DAY_MS } from "../../src/domain/time/instant.ts";
import { newId } from "../../src/system.ts";
import type { ReceivedCall } from "../support/receiver-server.ts";
import { setClock } from "../support/world.ts";
import { auditOf, expectProblem, makeAdmin, type Person } from "./caller.ts";

let box = "";
beforeEach(() => {
  box = newId();
});

async function makeEndpoint(owner: Person) {
  const url = `${env.RECEIVER}/${box}/ok`;
  const { status, body } = await owner.call("POST", "/v1/webhooks", {
    body: { name: "Hook", url, events: ["run.failed"] },
  });
  expect(status, JSON.stringify(body)).toBe(201);
  return { ...body, at: `/v1/webhooks/${body.id}` };
}

const START = Date.parse("2027-03-01T12:00:00Z");

/** Which of the secrets the endpoint would accept a call by that is made now. */
async function acceptedBy(owner: Person, at: string, secrets: readonly string[]): Promise<readonly boolean[]> {
  expect((await owner.call("POST", `${at}/test`, { body: {} })).body.delivered).toBe(true);
  const calls: readonly ReceivedCall[] = await (await fetch(`${env.RECEIVER}/${box}`)).json();
  const { headers, body } = calls.at(-1) ?? expect.fail("It was not called.");
  return secrets.map((secret) => {
    try {
      new Verifier(secret).verify(body, headers);
      return true;
    } catch {
      return false;
    }
  });
}

describe("the secret of an endpoint", () => {
  it("is shown again as it was made", async () => {
    const owner = await makeAdmin();
    const { at, secret, public_key } = await makeEndpoint(owner);
    const { body, headers } = await owner.call("GET", `${at}/secret`);
    expect(body).toEqual({ secret, public_key, previous_valid_until: null });
    expect(headers.get("cache-control")).toContain("no-store");
  });

  it("is replaced together with the key pair; both sign until the overlap is over", async () => {
    setClock(START);
    const owner = await makeAdmin();
    const { at, id, secret: old, public_key: oldKey } = await makeEndpoint(owner);
    const { status, body } = await owner.call("POST", `${at}/secret`, { body: { overlap: "2 days" } });
    expect([status, body.previous_valid_until]).toEqual([201, "2027-03-03T12:00:00.000Z"]);
    expect([body.secret === old, body.public_key === oldKey]).toEqual([false, false]);
    expect((await owner.call("GET", `${at}/secret`)).body).toEqual(body);
    expect(await acceptedBy(owner, at, [body.secret, old])).toEqual([true, true]);
    setClock(START + 2 * DAY_MS - 1_000);
    expect(await acceptedBy(owner, at, [body.secret, old])).toEqual([true, true]);
    setClock(START + 2 * DAY_MS);
    expect(await acceptedBy(owner, at, [body.secret, old])).toEqual([true, false]);
    expect((await owner.call("GET", `${at}/secret`)).body.previous_valid_until).toBeNull();
    const entries = await auditOf(owner.scope, "webhook.secret_rotated");
    expect(entries).toMatchObject([{ target_id: id }]);
    expect(JSON.stringify(entries)).not.toContain(body.secret);
  });

  it.each([
    [{}, DAY_MS],
    [{ overlap: 0 }, null],
    [{ overlap: "7 days" }, 7 * DAY_MS],
    [{ overlap: 60_000 }, 60_000],
  ])("with %j overlaps for %s", async (asked, overlap) => {
    setClock(START);
    const owner = await makeAdmin();
    const { at } = await makeEndpoint(owner);
    const { body } = await owner.call("POST", `${at}/secret`, { body: asked });
    expect(body.previous_valid_until).toBe(overlap === null ? null : new Date(START + overlap).toISOString());
  });

  it.each([
    [{ overlap: "8 days" }],
    [{ overlap: -1 }],
    [{ overlap: "soon" }],
    [{ overlap: null }],
    [{ until: "2027-03-04" }],
  ])("is not replaced with %j", async (asked) => {
    const owner = await makeAdmin();
    const { at, secret } = await makeEndpoint(owner);
    expectProblem(await owner.call("POST", `${at}/secret`, { body: asked }), 422, "invalid_input");
    expect((await owner.call("GET", `${at}/secret`)).body.secret).toBe(secret);
  });

  it("is replaced once under an idempotency key: a repeated request does not end the secret that receivers know", async () => {
    setClock(START);
    const owner = await makeAdmin();
    const { at, secret: old } = await makeEndpoint(owner);
    const call = { body: {}, headers: { "idempotency-key": "rotate" } };
    const answers = await Promise.all([1, 2, 3].map(() => owner.call("POST", `${at}/secret`, call)));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(await acceptedBy(owner, at, [answers[0]?.body.secret, old])).toEqual([true, true]);
    const kept = await env.DIRECTORY.prepare("SELECT body FROM idempotency_answers").all();
    expect(JSON.stringify(kept.results)).not.toContain(answers[0]?.body.secret);
    expect(await auditOf(owner.scope, "webhook.secret_rotated")).toHaveLength(1);
  });

  it("of another workspace is not there, and not replaced", async () => {
    const [owner, outsider] = [await makeAdmin(), await makeAdmin()];
    const { at, secret } = await makeEndpoint(owner);
    expectProblem(await outsider.call("GET", `${at}/secret`), 404, "not_found");
    expectProblem(await outsider.call("POST", `${at}/secret`, { body: {} }), 404, "not_found");
    expect((await owner.call("GET", `${at}/secret`)).body.secret).toBe(secret);
  });

  it("that was sealed with another key is a fault, and shows nothing", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const owner = await makeAdmin();
    const { at, id } = await makeEndpoint(owner);
    await env.DIRECTORY.prepare("UPDATE webhooks SET secret = 's2.AAAAAAAAAAAAAAAA.AAAA' WHERE id = ?1").bind(id).run();
    expectProblem(await owner.call("GET", `${at}/secret`), 500, "internal_error");
  });
});
