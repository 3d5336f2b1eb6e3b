/** On one's own machine: what would have been posted is kept, and nothing leaves. */
import { describe, expect, it } from "vitest";
import { deliverBySlack } from "../../../src/delivery/slack/deliver.ts";
import type { KeptSlackMessage, SlackOutbox } from "../../../src/delivery/slack/via.ts";
import { makeNews, PNG, pictureThere } from "../../support/slack-team.ts";

function makeOutbox() {
  const kept: KeptSlackMessage[] = [];
  const via: SlackOutbox = {
    kind: "outbox",
    keep: async (message) => {
      kept.push(message);
    },
  };
  return { via, kept };
}

describe("the stand-in for Slack", () => {
  it("keeps the text, and the picture in its thread", async () => {
    const { via, kept } = makeOutbox();
    const given = makeNews({ picture: pictureThere }, "run.succeeded");
    const text = await deliverBySlack(via, given, "text", null);
    expect(text).toMatchObject({ kind: "sent", picture: "due" });
    const progress = text.kind === "sent" ? (text.progress ?? null) : null;
    expect(await deliverBySlack(via, given, "picture", progress)).toMatchObject({ kind: "sent", picture: "sent" });
    expect(kept).toMatchObject([
      {
        recipient: "#reports",
        title: "daily-report in Sales succeeded",
        body: { channel: "C0REPORTS", ts: given.news.id },
        files: [],
      },
      { title: "reports-2027-01-15.png", body: { thread: given.news.id }, files: [{ bytes: PNG }] },
    ]);
  });

  it("refuses its archived channel as Slack would", async () => {
    const { via, kept } = makeOutbox();
    const given = makeNews();
    const target = { ...given.target, address: "C0LOCALOLD" };
    expect(await deliverBySlack(via, { ...given, target }, "text", null)).toMatchObject({
      kind: "failed",
      failure: { reason: "channel_archived" },
    });
    expect(kept).toEqual([]);
  });

  it("drops a picture that is not there any more", async () => {
    const { via } = makeOutbox();
    const given = makeNews({ picture: { ...pictureThere, read: async () => null } });
    const outcome = await deliverBySlack(via, given, "picture", { channel: "C0REPORTS", ts: "1" });
    expect(outcome).toMatchObject({ picture: "dropped", without: { reason: "picture_failed" } });
  });
});
