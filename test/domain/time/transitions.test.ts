import { expect, it } from "vitest";
import { findTransitions, intlOffsets, type OffsetLookup } from "../../../src/domain/time/transitions.ts";

const DAY = 86_400;
const second = (iso: string): number => Date.parse(iso) / 1000;

/** A clock that changes at given seconds, by turns to the offsets given. */
const clock =
  (changes: readonly (readonly [at: number, offset: number])[]): OffsetLookup =>
  (at) =>
    changes.findLast(([from]) => from <= at)?.[1] ?? 0;

it("finds changes to the second", () => {
  expect(findTransitions(clock([[1_234_567, 3600]]), 0, 30 * DAY)).toEqual([{ at: 1_234_567, offset: 3600 }]);
});

it("finds two changes between two probes when they lead to another offset", () => {
  const changes = findTransitions(
    clock([
      [100_000, 3600],
      [100_900, 7200],
    ]),
    0,
    30 * DAY,
  );
  expect(changes).toEqual([
    { at: 100_000, offset: 3600 },
    { at: 100_900, offset: 7200 },
  ]);
});

it("finds a change at the last second asked about and none at the first", () => {
  expect(findTransitions(clock([[30 * DAY, 1]]), 0, 30 * DAY)).toHaveLength(1);
  expect(findTransitions(clock([[0, 1]]), 0, 30 * DAY)).toEqual([]);
});

it("finds the changes that Ramadan made in Casablanca, a month apart", () => {
  const changes = findTransitions(intlOffsets("Africa/Casablanca"), second("2024-01-01"), second("2026-01-01"));
  expect(changes.map(({ offset }) => offset)).toEqual([0, 3600, 0, 3600]);
});

it("reads offsets of half minutes, as Monrovia had until 1972", () => {
  expect(intlOffsets("Africa/Monrovia")(0)).toBe(-(44 * 60 + 30));
});
