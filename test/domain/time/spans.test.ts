import { expect, it } from "vitest";
import { blockOf, readBlock, unchanging } from "../../../src/domain/time/spans.ts";
import { intlOffsets } from "../../../src/domain/time/transitions.ts";

const second = (iso: string): number => Date.parse(iso) / 1000;
const spansOf = (zone: string, at: number) => readBlock(intlOffsets(zone), blockOf(at));

it("the stretches of a block follow one another without a hole", () => {
  const spans = spansOf("Africa/Casablanca", second("2026-06-01"));
  expect(spans.length).toBeGreaterThan(2);
  for (const [index, span] of spans.entries()) {
    const next = spans[index + 1];
    if (next) expect([span.end, span.after, span.offset]).toEqual([next.start, next.offset, next.before]);
  }
});

it("a stretch is plain up to the first pass of the fold at its end, and after the second pass of the one at its start", () => {
  const fold = second("2026-11-01T06:00:00Z");
  const spans = spansOf("America/New_York", fold);
  expect(spans.find((span) => span.end === fold)?.plainTo).toBe(fold - 3600);
  expect(spans.find((span) => span.start === fold)?.plainFrom).toBe(fold + 3600);
});

it("a stretch is plain up to a gap, and from it on", () => {
  const gap = second("2026-03-08T07:00:00Z");
  const spans = spansOf("America/New_York", gap);
  expect(spans.find((span) => span.end === gap)?.plainTo).toBe(gap);
  expect(spans.find((span) => span.start === gap)?.plainFrom).toBe(gap);
});

it("every second of a block is at least two days from where the block is cut", () => {
  const at = second("2026-06-01");
  const spans = spansOf("Asia/Kolkata", at);
  expect(spans).toHaveLength(1);
  expect(
    [-2, -1, 1, 2].map((days) => blockOf((spans[0]?.start ?? 0) + 2 * 86_400 + days * 86_400) - blockOf(at)),
  ).toEqual([-1, -1, 0, 0]);
});

it("a clock that never changes is one stretch, plain throughout", () => {
  expect(unchanging(0)).toMatchObject({ plainFrom: Number.NEGATIVE_INFINITY, plainTo: Number.POSITIVE_INFINITY });
});

it("seconds beyond the first and the last block belong to these", () => {
  expect(blockOf(-1e12)).toBe(0);
  expect(blockOf(1e15)).toBe(blockOf(second("9999-12-31T23:59:59Z")));
});
