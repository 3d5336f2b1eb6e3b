/** What an endpoint is sent: the facts of the event, of the documented form, and never too much of them. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WebhookMessageJson } from "../../../src/api/webhook-message-json.ts";
import type { NewsForRecipient, Picture } from "../../../src/delivery/channel.ts";
import { exampleOf } from "../../../src/delivery/webhook/example.ts";
import { MESSAGE_MAX_BYTES, messageId, writeMessage } from "../../../src/delivery/webhook/message.ts";
import { readDeliveryId } from "../../../src/domain/ids.ts";
import { type News, WEBHOOK_EVENTS, type WebhookEvent } from "../../../src/domain/news/news.ts";
import { newId } from "../../../src/system.ts";
import { draftWebhook } from "../../support/make-webhook.ts";

const NOW = Date.UTC(2027, 0, 15, 9, 0, 5);
const delivery = readDeliveryId(newId());
const given = (
  event: WebhookEvent,
  news: Partial<News> = {},
  more: Partial<NewsForRecipient> = {},
): NewsForRecipient => {
  const example = exampleOf(event, draftWebhook(), { delivery, now: NOW });
  return { ...example, ...more, news: { ...example.news, ...news } };
};

const withError = (message: string) => {
  const example = given("run.failed");
  return given("run.failed", {
    run: example.news.run && { ...example.news.run, error: { reason: "exception", message } },
  });
};

describe("a message", () => {
  it.each(WEBHOOK_EVENTS)("of %s has the documented form, and its body is the very same", (event) => {
    const { message, body } = writeMessage(given(event));
    expect(JSON.parse(body)).toEqual(message);
    expect(WebhookMessageJson.safeParse(message)).toMatchObject({ success: true });
    expect(message).toMatchObject({
      type: event,
      timestamp: "2027-01-15T09:00:05.000Z",
      data: { delivery_id: delivery, test: true, project: { slug: "example" }, truncated: [] },
    });
    expect(message.data.summary).not.toBe("");
  });

  it("tells of a run its ids, times and error, and of its output nothing", () => {
    const { data } = writeMessage(withError("The warehouse is closed.")).message;
    expect(data.run).toMatchObject({
      status: "failed",
      scheduled_for: "2027-01-15T08:59:05.000Z",
      error: { reason: "exception", message: "The warehouse is closed." },
    });
    expect(JSON.stringify(data)).not.toContain("output");
  });

  it("tells how many occurrences were missed, why a schedule was paused, and whom news did not reach", () => {
    expect(writeMessage(given("run.missed")).message.data.run).toMatchObject({ count: 3, reason: "catchup_window" });
    const paused = writeMessage(given("schedule.paused")).message.data;
    expect([paused.run, paused.reason]).toEqual([null, "Paused for the holidays."]);
    expect(writeMessage(given("delivery.failed")).message.data.unreached).toMatchObject([
      { channel: "email", recipient: { name: "ada@example.com" }, reason: "address_refused" },
    ]);
  });

  it.each<[Picture, object]>([
    [
      { kind: "late", format: "png" },
      { format: "png", status: "late", message: null },
    ],
    [
      { kind: "failed", format: "pdf", failure: { reason: "picture_failed", message: "It was blank." } },
      { format: "pdf", status: "failed", message: "It was blank." },
    ],
    [
      {
        kind: "there",
        format: "png",
        step: "link",
        contentType: "image/png",
        size: 0,
        filename: "reports.png",
        alt: "The app",
        read: () => Promise.reject(new Error("A message carries no bytes.")),
      },
      { format: "png", status: "ready", message: null },
    ],
  ])("says of a capture how it stands, and where it is, and carries none of its bytes: %j", (picture, told) => {
    const links = {
      run: "https://c.example/r",
      app: null,
      capture: "https://c.example/r.png",
      unsubscribe: "https://c.example/u",
    };
    const { data } = writeMessage(given("run.succeeded", {}, { picture, links })).message;
    expect(data.capture).toEqual(told);
    expect(data.links).toEqual({ run: links.run, app: null, capture: links.capture });
  });

  it("that would be too long is cut, and says where", () => {
    const { message, body } = writeMessage(withError("Grüße ".repeat(10_000)));
    expect(message.data.truncated).toEqual(["/data/run/error/message"]);
    expect(message.data.run?.error?.message).toHaveLength(2_000);
    expect(new TextEncoder().encode(body).length).toBeLessThanOrEqual(MESSAGE_MAX_BYTES);
  });

  it("names the first of very many who were not reached", () => {
    const [one] = given("delivery.failed").news.unreached;
    const { data } = writeMessage(
      given("delivery.failed", { unreached: Array.from({ length: 100 }, () => one ?? expect.fail()) }),
    ).message;
    expect(data.unreached).toHaveLength(20);
    expect(data.truncated).toEqual(["/data/unreached"]);
  });

  it("is never larger than 20 kB and always of the documented form, whatever the texts are", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 50 }),
      fc.integer({ min: 0, max: 5_000 }).map((length) => "\u0000".repeat(length)),
      fc.integer({ min: 0, max: 5_000 }).map((length) => "\u{1f514}".repeat(length)),
      fc.constant("\ud83d alone"),
    );
    fc.assert(
      fc.property(text, text, text, fc.nat(30), (a, b, c, many) => {
        const base = withError(a);
        const [one] = given("delivery.failed").news.unreached;
        const unreached = Array.from({ length: many }, () => ({
          ...(one ?? expect.fail()),
          recipient: { kind: "user" as const, id: newId(), name: b },
          failure: { reason: "unreachable" as const, message: c },
        }));
        const schedule = base.news.schedule && { ...base.news.schedule, expression: b, description: c };
        const { message, body } = writeMessage({
          ...base,
          project: { ...base.project, name: a },
          news: { ...base.news, schedule, reason: c, unreached },
        });
        expect(new TextEncoder().encode(body).length).toBeLessThanOrEqual(MESSAGE_MAX_BYTES);
        expect(body.isWellFormed()).toBe(true);
        expect(WebhookMessageJson.safeParse(message).success).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

it("the id of a message holds no dot, which would be taken for the end of it", () => {
  expect(messageId(delivery)).toMatch(/^msg_[0-9a-f-]{36}$/);
});
