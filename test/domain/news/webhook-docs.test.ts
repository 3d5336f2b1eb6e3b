/** docs/webhooks.md says what is so: its events, reasons, numbers, message and verifier are compared with the code. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { WebhookMessageJson } from "../../../src/api/webhook-message-json.ts";
import { CALL_TIMEOUT_MS } from "../../../src/delivery/webhook/call.ts";
import { MESSAGE_MAX_BYTES } from "../../../src/delivery/webhook/message.ts";
import { isDeliveryReason } from "../../../src/domain/news/delivery-failure.ts";
import { WEBHOOK_EVENTS } from "../../../src/domain/news/news.ts";
import { RETRY_PLANS } from "../../../src/domain/news/retrying.ts";
import { OVERLAP_MAX_MS, WEBHOOK_DISABLED_REASONS, WEBHOOK_PROJECTS_MAX } from "../../../src/domain/news/webhook.ts";
import { FAILING_MAX_MS } from "../../../src/domain/news/webhook-health.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../../../src/domain/time/instant.ts";
import { WORKSPACE_LIMITS } from "../../../src/domain/workspace-limits.ts";
import { publicKeyOf, signingKeyOf } from "../../../src/http/ed25519.ts";
import { signatureHeaders } from "../../../src/http/signing.ts";

const PAGE = readFileSync("docs/webhooks.md", "utf8");

const rowsOf = (head: string): readonly (readonly string[])[] => {
  expect(PAGE).toContain(head);
  const [table = ""] = PAGE.slice(PAGE.indexOf(head)).split("\n\n");
  return table
    .split("\n")
    .slice(2)
    .map((row) => row.split("|").map((cell) => cell.trim()))
    .map(([, ...cells]) => cells.slice(0, -1));
};

describe("docs/webhooks.md", () => {
  it("tells of every event, and of no other", () => {
    expect(rowsOf("| event | happens when |").map(([event]) => event)).toEqual(
      WEBHOOK_EVENTS.map((one) => `\`${one}\``),
    );
  });

  it("names reasons that there are, and every reason why an endpoint is disabled", () => {
    const answers = PAGE.slice(PAGE.indexOf("## The answer"), PAGE.indexOf("## When it does not work"));
    const named = [...answers.matchAll(/`([a-z]+(?:_[a-z]+)+)`/g)].map(([, reason]) => reason ?? "");
    expect(named.length).toBeGreaterThan(7);
    expect(named.filter((reason) => !isDeliveryReason(reason))).toEqual([]);
    for (const reason of WEBHOOK_DISABLED_REASONS) expect(PAGE).toContain(`\`${reason}\``);
  });

  it("shows a message of the form that is sent, and tells of each of its fields", () => {
    const [, shown = ""] = /```json\n([\s\S]*?)```/.exec(PAGE) ?? [];
    const message = WebhookMessageJson.parse(JSON.parse(shown));
    expect(rowsOf("| field of `data` |").map(([field]) => field)).toEqual(
      Object.keys(message.data).map((field) => `\`${field}\``),
    );
  });

  it("tells the plan of the retries", () => {
    const units = [
      [HOUR_MS, "hours"],
      [MINUTE_MS, "minutes"],
      [SECOND_MS, "seconds"],
    ] as const;
    const said = RETRY_PLANS.webhook.map((wait) => {
      const [unit, name] = units.find(([length]) => wait % length === 0) ?? [1, "ms"];
      return `${wait / unit} ${name}`;
    });
    expect(PAGE).toContain(`${said.join(", ")}.`);
    expect(RETRY_PLANS.webhook).toHaveLength(9);
  });

  it("tells the limits", () => {
    const limits = new Map(rowsOf("| what | how much |").map(([what, much]) => [what, much]));
    expect(limits.get("endpoints of a workspace")).toBe(String(WORKSPACE_LIMITS.webhooks));
    expect(limits.get("projects that one endpoint can be limited to")).toContain(`${WEBHOOK_PROJECTS_MAX};`);
    expect(limits.get("a call")).toContain(`${CALL_TIMEOUT_MS / SECOND_MS} seconds`);
    expect(limits.get("a message")).toBe(`${MESSAGE_MAX_BYTES.toLocaleString("en")} bytes`);
    expect([FAILING_MAX_MS, OVERLAP_MAX_MS]).toEqual([5 * DAY_MS, 7 * DAY_MS]);
  });

  it("verifies a genuine call by hand with either key, and no other", async () => {
    const [, snippet = ""] = /```js\n([\s\S]*?)```/.exec(PAGE) ?? [];
    const { isGenuine } = await import(`data:text/javascript,${encodeURIComponent(snippet)}`);
    const message = { id: "msg_1", timestamp: Math.floor(Date.now() / 1_000), body: "{}" };
    const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
    const signingKey = await signingKeyOf(Buffer.alloc(32, 9));
    const publicKey = publicKeyOf(signingKey);
    const headers = await signatureHeaders(message, [secret, signingKey]);
    for (const keys of [{ secret }, { publicKey }, { secret, publicKey }]) {
      expect(isGenuine(keys, headers, message.body)).toBe(true);
      expect(isGenuine(keys, headers, "{ }")).toBe(false);
      expect(isGenuine(keys, {}, message.body)).toBe(false);
      const old = await signatureHeaders({ ...message, timestamp: message.timestamp - 301 }, [secret, signingKey]);
      expect(isGenuine(keys, old, message.body)).toBe(false);
    }
    expect(isGenuine({ secret }, await signatureHeaders(message, [signingKey]), message.body)).toBe(false);
    expect(isGenuine({ publicKey: publicKeyOf(await signingKeyOf(Buffer.alloc(32, 8))) }, headers, "{}")).toBe(false);
    expect(isGenuine({}, headers, message.body)).toBe(false);
  });
});
