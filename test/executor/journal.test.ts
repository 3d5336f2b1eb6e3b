/** What isolates send for a run's log, as far as it is believed. */
import { describe, expect, it } from "vitest";
import { ITEMS_MAX_LENGTH, Journal, LINE_MAX_LENGTH, LOG_LINES_MAX } from "../../src/executor/journal.ts";

const NOW = Date.parse("2027-01-15T09:00:00.000Z");
const FNS = new Set(["work"]);

function makeJournal() {
  let news = 0;
  const journal = new Journal(
    () => NOW,
    () => {
      news += 1;
    },
  );
  return { journal, news: () => news, left: () => JSON.parse(journal.toJson()) };
}

const line = (more: object = {}) => ({
  at: "2027-01-15T09:00:00.500Z",
  fn: "work",
  level: "info",
  text: "rows: 3",
  ...more,
});

describe("a journal", () => {
  it("holds items and lines in their order", () => {
    const { journal, left, news } = makeJournal();
    expect([journal.isEmpty, left()]).toEqual([true, { items: [] }]);
    journal.keep("work", { rows: 3 });
    journal.write([line()], false, FNS);
    expect(left()).toEqual({ items: [{ fn: "work", value: { rows: 3 } }], log: { lines: [line()], truncated: false } });
    expect([journal.isEmpty, news()]).toEqual([false, 2]);
  });

  it("looks no further than it has room for, also into a list that is mostly holes", () => {
    const { journal, left } = makeJournal();
    const lines: unknown[] = [line()];
    lines.length = 2 ** 32 - 1;
    journal.write(lines, false, FNS);
    expect(left().log.lines).toEqual([line()]);
  });

  it("takes nothing for a line that is none, or that is another function's", () => {
    const { journal, left } = makeJournal();
    journal.write([null, 7, "text", [], {}, line({ fn: "other" }), line({ fn: 7 })], false, FNS);
    expect(left()).toEqual({ items: [] });
  });

  it.each([
    [{ at: "1970-01-01T00:00:00.000Z" }, { at: "2027-01-15T09:00:00.000Z" }],
    [{ at: "2099-01-01T00:00:00.000Z" }, { at: "2027-01-15T09:00:00.000Z" }],
    [{ at: 7 }, { at: "2027-01-15T09:00:00.000Z" }],
    [{ level: "fatal" }, { level: "log" }],
    [{ text: 7 }, { text: "" }],
    [{ more: "x" }, {}],
  ])("mends what a line says wrongly: %j", (said, kept) => {
    const { journal, left } = makeJournal();
    journal.write([line(said)], false, FNS);
    expect(left().log.lines).toEqual([{ ...line(), ...kept }]);
  });

  it("keeps to its caps, whatever is sent", () => {
    const { journal, left } = makeJournal();
    journal.write([line({ text: "x".repeat(1_000_000) })], false, FNS);
    expect(left().log.lines[0].text).toHaveLength(LINE_MAX_LENGTH);
    journal.write(
      Array.from({ length: 5_000 }, () => line()),
      false,
      FNS,
    );
    expect(left().log).toMatchObject({ truncated: true, lines: { length: LOG_LINES_MAX } });
    journal.write([line()], false, FNS);
    expect(left().log.lines).toHaveLength(LOG_LINES_MAX);
  });

  it("says so where the isolate had cut already", () => {
    const { journal, left } = makeJournal();
    journal.write([], true, FNS);
    expect(left().log).toEqual({ lines: [], truncated: true });
  });

  it("has room for so many outputs and no more", () => {
    const { journal } = makeJournal();
    const value = "x".repeat(ITEMS_MAX_LENGTH / 4);
    expect([1, 2, 3, 4].map(() => journal.keep("work", value))).toEqual([true, true, true, false]);
  });
});
