/** How news looks in Slack: short enough, escaped, and the same words for those who see no blocks. */
import { describe, expect, it } from "vitest";
import { composeSlack, escapeText, shorten } from "../../../src/delivery/slack/message.ts";
import { readNotification } from "../../../src/domain/notification.ts";
import { makeNews, pictureThere } from "../../support/slack-team.ts";

const NONE = { kind: "none" } as const;
const wordsOf = (value: unknown): string =>
  typeof value === "object" && value !== null
    ? Object.entries(value)
        .flatMap(([name, inner]) => (typeof inner === "string" && name !== "text" ? [] : [wordsOf(inner)]))
        .join("")
    : typeof value === "string"
      ? value
      : "";

describe("a message", () => {
  it("says what happened, when in a named zone, why, and leads to the run", () => {
    const { title, text, blocks } = composeSlack(makeNews(), NONE);
    expect(title).toBe("daily-report in Sales failed");
    expect(blocks.map(({ type }) => type)).toEqual(["header", "section", "section", "actions", "context"]);
    const all = JSON.stringify(blocks);
    for (const said of ["Failed", "Sales", "Every day at 09:30", "10:30 Europe/Berlin (09:30 UTC)", "4 s"])
      expect(all).toContain(said);
    expect(all).toContain("The endpoint answered 500.");
    expect(all).toContain('"url":"https://carillon.test/runs/1"');
    for (const said of ["daily-report in Sales failed", "The endpoint answered 500.", "Europe/Berlin"])
      expect(text).toContain(said);
  });

  it("has no button where the deployment does not know its address", () => {
    const links = { run: null, app: null, capture: null, unsubscribe: null };
    expect(JSON.stringify(composeSlack(makeNews({ links }), NONE).blocks)).not.toContain("button");
  });

  it("carries the notification's own words, as they are", () => {
    const notification = readNotification({ subject: "Look <here> & now", body: "*not bold* <!channel>\nsecond line" });
    const { title, text, blocks } = composeSlack(makeNews({ notification }), NONE);
    expect(title).toBe("Look <here> & now");
    expect(blocks[2]).toEqual({
      type: "section",
      text: { type: "plain_text", text: "*not bold* <!channel>\nsecond line", emoji: false },
    });
    expect(text).toContain("Look &lt;here&gt; &amp; now");
    expect(text).toContain("&lt;!channel&gt;");
    expect(text).not.toContain("<!channel>");
  });

  it("holds fewer than 3,000 characters, whatever is in it", () => {
    const long = "<&>".repeat(2_000);
    const given = makeNews({
      notification: readNotification({ subject: "&".repeat(200), body: long.slice(0, 2_000) }),
      project: { id: "p", slug: "s", name: long },
      picture: pictureThere,
    });
    const run = given.news.run;
    if (run === null) throw new Error("no run");
    const news = { ...given.news, run: { ...run, fn: "&".repeat(128), error: { reason: "exception", message: long } } };
    const why = { kind: "failed", failure: { reason: "picture_failed", message: long } } as const;
    const { text, blocks } = composeSlack({ ...given, news }, { kind: "stays_away", why });
    expect(wordsOf(blocks).length).toBeGreaterThan(1_000);
    expect(wordsOf(blocks).length).toBeLessThan(3_000);
    expect(text.length).toBeLessThan(3_000);
    expect(text).not.toMatch(/&(?!amp;|lt;|gt;)/);
    for (const block of blocks) if (block.type === "header") expect(block.text.text.length).toBeLessThanOrEqual(150);
  });

  it("says what it is when somebody tries it", () => {
    const given = makeNews();
    const { title, text } = composeSlack({ ...given, news: { ...given.news, isTest: true } }, NONE);
    expect(title).toMatch(/^\[Test\]/);
    expect(text).toContain("This is a test.");
  });

  it.each([
    [{ kind: "follows", isPreview: false }, "follows in the thread"],
    [{ kind: "follows", isPreview: true }, "a smaller one. It follows in the thread"],
    [{ kind: "late" }, "If it comes, it comes in the thread. <https://carillon.test/capture.png|See the picture>"],
    [{ kind: "stays_away", why: { kind: "link" } }, "too large to go along. <https://carillon.test/capture.png|"],
  ] as const)("says what becomes of the picture: %j", (word, said) => {
    const { text, blocks } = composeSlack(makeNews({ picture: pictureThere }), word);
    expect(text).toContain(said);
    expect(JSON.stringify(blocks)).toContain(said);
  });
});

describe("words", () => {
  it("are escaped by the three characters that mean something", () => {
    expect(escapeText("<@U1> & co")).toBe("&lt;@U1&gt; &amp; co");
  });

  it("are cut between characters, with a sign", () => {
    expect(shorten("abcdef", 4)).toBe("abc…");
    expect(shorten("abcd", 4)).toBe("abcd");
    expect(shorten("😀😀😀", 4)).toBe("😀…");
  });
});
