import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  CAPTURE_FORMATS,
  CAPTURE_STATES,
  type CaptureFormat,
  NEWS_BUDGET_MS,
} from "../../../src/domain/captures/capture.ts";
import { newsWait } from "../../../src/domain/captures/news-wait.ts";

const END = Date.parse("2027-01-15T09:00:00.000Z");
const BY = END + NEWS_BUDGET_MS;
const WANTED = { formats: CAPTURE_FORMATS, until: BY };
const png = { format: "png", state: "pending" } as const;
const pdf = { format: "pdf", state: "captured" } as const;

/** Whatever may be wanted, and whatever may stand in the ledger of the run. */
const wishes = fc
  .subarray([...CAPTURE_FORMATS])
  .map((formats): { formats: readonly CaptureFormat[]; until: number } => ({ formats, until: BY }));
const ledgers = fc.uniqueArray(
  fc.record({ format: fc.constantFrom(...CAPTURE_FORMATS), state: fc.constantFrom(...CAPTURE_STATES) }),
  { selector: ({ format }) => format },
);

describe("news of a run", () => {
  it("waits for a capture that is on its way, until the budget is spent", () => {
    expect(newsWait(WANTED, [png, pdf], END)).toEqual({ kind: "wait", until: BY });
    expect(newsWait(WANTED, [png, pdf], BY - 1)).toEqual({ kind: "wait", until: BY });
  });

  it("waits for a capture whose order nobody has written down yet", () => {
    expect(newsWait(WANTED, [], END)).toEqual({ kind: "wait", until: BY });
    expect(newsWait(WANTED, [pdf], END)).toEqual({ kind: "wait", until: BY });
    expect(newsWait(WANTED, [], BY)).toMatchObject({ kind: "go", carries: [], without: [{ why: "late" }, {}] });
  });

  it("goes when it is, with what is there, and says what may follow", () => {
    expect(newsWait(WANTED, [png, pdf], BY)).toEqual({
      kind: "go",
      carries: ["pdf"],
      without: [{ format: "png", why: "late" }],
    });
  });

  it("goes as soon as everything is settled, and says what failed", () => {
    expect(newsWait(WANTED, [{ ...png, state: "failed" }, pdf], END)).toEqual({
      kind: "go",
      carries: ["pdf"],
      without: [{ format: "png", why: "failed" }],
    });
  });

  it("goes at once when no capture is wanted for it, whatever a person has asked for since", () => {
    expect(newsWait({ formats: [], until: BY }, [png], END)).toEqual({ kind: "go", carries: [], without: [] });
  });

  it("never waits beyond its budget, whatever happens to the captures", () => {
    fc.assert(
      fc.property(wishes, ledgers, fc.integer({ min: 0, max: 10 * NEWS_BUDGET_MS }), (wanted, captures, after) => {
        const wait = newsWait(wanted, captures, END + after);
        if (wait.kind === "wait") expect(wait.until).toBeLessThanOrEqual(BY);
        if (after >= NEWS_BUDGET_MS) expect(wait.kind).toBe("go");
      }),
    );
  });

  it("goes at the end of each wait at the latest, if nothing changes", () => {
    fc.assert(
      fc.property(wishes, ledgers, (wanted, captures) => {
        const wait = newsWait(wanted, captures, END);
        if (wait.kind === "wait") expect(newsWait(wanted, captures, wait.until).kind).toBe("go");
      }),
    );
  });

  it("accounts for every capture that was wanted for it, once, and for no other", () => {
    fc.assert(
      fc.property(wishes, ledgers, (wanted, captures) => {
        const wait = newsWait(wanted, captures, BY);
        if (wait.kind === "wait") throw new Error("It waits");
        const told = [...wait.carries, ...wait.without.map(({ format }) => format)];
        expect(told.toSorted()).toEqual(wanted.formats.toSorted());
      }),
    );
  });
});
