import { describe, expect, it } from "vitest";
import { readSlackChannelId, readSlackChannelReference } from "../../../src/domain/news/slack-channel.ts";

describe("a Slack channel", () => {
  it.each([
    ["C0123456789", "C0123456789"],
    ["  G0AB12CD  ", "G0AB12CD"],
    ["https://acme.slack.com/archives/C0123456789", "C0123456789"],
    ["https://acme.slack.com/archives/C0123456789/p1700000000000000", "C0123456789"],
    ["https://app.slack.com/client/T0123/C0123456789", "C0123456789"],
    ["https://app.slack.com/client/E0123/C0123456789?x=1", "C0123456789"],
    ["https://acme.enterprise.slack.com/archives/C0123456789", "C0123456789"],
    ["https://acme.slack-gov.com/archives/C0123456789", "C0123456789"],
  ])("is known by its id, however it is pasted: %s", (text, id) => {
    expect(readSlackChannelReference(text)).toEqual({ kind: "id", id });
  });

  it.each([
    ["#reports", "reports"],
    ["daily-report_2", "daily-report_2"],
    ["übersicht", "übersicht"],
  ])("is known by its name: %s", (text, name) => {
    expect(readSlackChannelReference(text)).toEqual({ kind: "name", name });
  });

  it.each([
    "",
    "#",
    "two words",
    "@ada",
    "https://example.com/archives/C0123456789",
    "https://slack.com.example.com/archives/C0123456789",
    "http://acme.slack.com/archives/C0123456789",
    "D0123456789/..",
    "C0123456789<",
    "x".repeat(200),
  ])("is not what cannot be one: %s", (text) => {
    expect(readSlackChannelReference(text)).toBeNull();
  });

  it("that is kept under anything but an id is a fault", () => {
    expect(() => readSlackChannelId("reports")).toThrow(TypeError);
  });
});
