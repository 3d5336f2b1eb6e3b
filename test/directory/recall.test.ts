/** The short memory of an isolate. */
import { describe, expect, it } from "vitest";
import { RECALL_MS, Recall } from "../../src/directory/recall.ts";

const NOW = 1_000_000;

describe("what is remembered", () => {
  it("is forgotten after five seconds, and when the clock was set back", () => {
    const recall = new Recall<string>();
    recall.set("a", "A", NOW);
    expect(recall.get("a", NOW + RECALL_MS - 1)).toBe("A");
    expect(recall.get("a", NOW + RECALL_MS)).toBeUndefined();
    recall.set("b", "B", NOW);
    expect(recall.get("b", NOW - 1)).toBeUndefined();
  });

  it("is dropped when it is picked", () => {
    const recall = new Recall<string>();
    recall.set("a", "A", NOW);
    recall.set("b", "B", NOW);
    recall.drop((value) => value === "A");
    expect([recall.get("a", NOW), recall.get("b", NOW)]).toEqual([undefined, "B"]);
  });

  it("never grows without bound: the oldest makes room", () => {
    const recall = new Recall<number>();
    for (let index = 0; index < 10_000; index++) recall.set(`${index}`, index, NOW);
    expect(recall.get("0", NOW)).toBeUndefined();
    expect(recall.get("9999", NOW)).toBe(9_999);
  });
});
