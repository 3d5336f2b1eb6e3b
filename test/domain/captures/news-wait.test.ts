import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CAPTURE_FORMATS, CAPTURE_STATES, NEWS_BUDGET_MS } from "../../../src/domain/captures/capture.ts";
import { newsWait } from "../../../src/domain/captures/news-wait.ts";

const END = Date.parse("2027-01-15T09:00:00.000Z");
const BY = END + NEWS_BUDGET_MS;
const png = { format: "png", state: "pending", newsBy: BY } as const;
const pdf = { format: "pdf", state: "captured", newsBy: BY } as const;

/** Whatever may stand in the ledger of one run. */
const ledgers = fc.uniqueArray(
  fc.record({
    format: fc.constantFrom(...CAPTURE_FORMATS),
    state: fc.constantFrom(...CAPTURE_STATES),
    newsBy: fc.constantFrom(BY, null),
  }),
  { selector: ({ format }) => format },
);

describe("news of a run", () => {
  it("waits for a capture that is on its way, until the budget is spent", () => {
    expect(newsWait([png, pdf], END)).toEqual({ kind: "wait", until: BY });
    expect(newsWait([png, pdf], BY - 1)).toEqual({ kind: "wait", until: BY });
  });

  it("goes when it is, with what is there, and says what may follow", () => {
    expect(newsWait([png, pdf], BY)).toEqual({
      kind: "go",
      carries: ["pdf"],
      without: [{ format: "png", why: "late" }],
    });
  });

  it("goes as soon as everything is settled, and says what failed", () => {
    expect(newsWait([{ ...png, state: "failed" }, pdf], END)).toEqual({
      kind: "go",
      carries: ["pdf"],
      without: [{ format: "png", why: "failed" }],
    });
  });

  it("goes at once when no capture was wanted for it, whatever a person has asked for since", () => {
    expect(newsWait([], END)).toEqual({ kind: "go", carries: [], without: [] });
    expect(newsWait([{ ...png, newsBy: null }], END)).toEqual({ kind: "go", carries: [], without: [] });
  });

  it("never waits beyond its budget, whatever happens to the captures", () => {
    fc.assert(
      fc.property(ledgers, fc.integer({ min: 0, max: 10 * NEWS_BUDGET_MS }), (captures, after) => {
        const wait = newsWait(captures, END + after);
        if (wait.kind === "wait") expect(wait.until).toBeLessThanOrEqual(BY);
        if (after >= NEWS_BUDGET_MS) expect(wait.kind).toBe("go");
      }),
    );
  });

  it("goes at the end of each wait at the latest, if nothing changes", () => {
    fc.assert(
      fc.property(ledgers, (captures) => {
        const wait = newsWait(captures, END);
        if (wait.kind === "wait") expect(newsWait(captures, wait.until).kind).toBe("go");
      }),
    );
  });

  it("accounts for every capture that was wanted for it, once", () => {
    fc.assert(
      fc.property(ledgers, (captures) => {
        const wait = newsWait(captures, BY);
        if (wait.kind === "wait") throw new Error("It waits");
        const told = [...wait.carries, ...wait.without.map(({ format }) => format)];
        const wanted = captures.filter(({ newsBy }) => newsBy !== null).map(({ format }) => format);
        expect(told.toSorted()).toEqual(wanted.toSorted());
      }),
    );
  });
});
