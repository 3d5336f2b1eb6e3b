/** `/v1/webhooks/{w}/test`: calls an endpoint at once, and tells what it answered. */
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { WebhookMessageJson } from "../../src/api/webhook-message-json.ts";
import { WEBHOOK_EVENTS } from "../../src/domain/news/news.ts";
import { newId } from "../../src/system.ts";
import type { ReceivedCall } from "../support/receiver-server.ts";
import { auditOf, expectProblem, makeAdmin, type Person } from "./caller.ts";

let box = "";
beforeEach(() => {
  box = newId();
});

const received = async (): Promise<readonly ReceivedCall[]> => (await fetch(`${env.RECEIVER}/${box}`)).json();

async function tryOut(owner: Person, behaviour: string, body: object = {}, facts: object = {}) {
  const url = `${env.RECEIVER}/${box}/${behaviour}`;
  const made = await owner.call("POST", "/v1/webhooks", {
    body: { name: "Hook", url, events: ["run.missed"], ...facts },
  });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return { id: made.body.id, answer: await owner.call("POST", `/v1/webhooks/${made.body.id}/test`, { body }) };
}

describe("trying an endpoint out", () => {
  it.each(WEBHOOK_EVENTS)(
    "sends an example of %s, signed and marked as a test, and shows it as it was sent",
    async (event) => {
      const owner = await makeAdmin();
      const { answer } = await tryOut(owner, "ok", { event });
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ delivered: true, status: 200, failure: null, excerpt: '{"rows":3}' });
      const [call] = await received();
      expect(call?.headers["webhook-id"]).toBe(answer.body.webhook_id);
      expect(call?.headers["webhook-signature"]).toMatch(/^v1,/);
      expect(JSON.parse(call?.body ?? "")).toEqual(answer.body.message);
      expect(WebhookMessageJson.parse(answer.body.message)).toMatchObject({ type: event, data: { test: true } });
    },
  );

  it("takes by default the first event that the endpoint asks for; of one that asks for nothing a success", async () => {
    const owner = await makeAdmin();
    expect((await tryOut(owner, "ok")).answer.body.message.type).toBe("run.missed");
    expect((await tryOut(owner, "ok", {}, { events: [] })).answer.body.message.type).toBe("run.succeeded");
  });

  it.each([
    ["status-500", 500, "endpoint_refused"],
    ["status-410", 410, "endpoint_gone"],
    ["redirect", 302, "endpoint_redirects"],
    ["limited-7", 429, "rate_limited"],
  ])(
    "that answers as %s tells status and reason with what mends it, and counts for nothing",
    async (behaviour, status, reason) => {
      const owner = await makeAdmin();
      const { id, answer } = await tryOut(owner, behaviour);
      expect(answer.body).toMatchObject({ delivered: false, status, failure: { reason, code: String(status) } });
      expect(answer.body.failure.fix.length).toBeGreaterThan(10);
      expect((await owner.call("GET", `/v1/webhooks/${id}`)).body).toMatchObject({
        enabled: true,
        failing_since: null,
      });
      expect((await owner.call("GET", `/v1/webhooks/${id}/deliveries`)).body.items).toEqual([]);
      expect(await received()).toHaveLength(1);
    },
  );

  it("works while it is disabled, and is audited", async () => {
    const owner = await makeAdmin();
    const { id, answer } = await tryOut(owner, "ok", {}, { enabled: false });
    expect(answer.body.delivered).toBe(true);
    expect(await auditOf(owner.scope, "delivery.tested")).toMatchObject([{ target_kind: "webhook", target_id: id }]);
  });

  it("judges the address again: one that was allowed when it was saved is not called when it no longer is", async () => {
    const owner = await makeAdmin();
    const { id } = await tryOut(owner, "ok");
    await env.DIRECTORY.prepare("UPDATE webhooks SET url = 'https://10.0.0.1/hook' WHERE id = ?1").bind(id).run();
    const { body } = await owner.call("POST", `/v1/webhooks/${id}/test`, { body: {} });
    expect(body).toMatchObject({ delivered: false, status: null, failure: { reason: "address_not_allowed" } });
  });

  it.each([[{ event: "run.started" }], [{ event: "delivery.at_risk" }], [{ url: "https://evil.example.com/" }]])(
    "refuses %j and calls nobody",
    async (body) => {
      const owner = await makeAdmin();
      const { answer } = await tryOut(owner, "ok", body);
      expectProblem(answer, 422, "invalid_input");
      expect(await received()).toEqual([]);
    },
  );

  it("is for nobody of another workspace", async () => {
    const [owner, outsider] = [await makeAdmin(), await makeAdmin()];
    const { id } = await tryOut(owner, "ok");
    expectProblem(await outsider.call("POST", `/v1/webhooks/${id}/test`, { body: {} }), 404, "not_found");
    expect(await received()).toHaveLength(1);
  });
});
