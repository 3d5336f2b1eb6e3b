/** How runs are counted by day. */
import { expect, it } from "vitest";
import { isFinal, RUN_STATUSES } from "../../src/domain/run.ts";
import { countByDay, ENDINGS, isSettled, readEnding } from "../../src/domain/run-counts.ts";
import { daysUpTo } from "../../src/domain/time/civil-days.ts";
import { hour, NOON } from "../support/hourly.ts";

it("what a run can end as is every state that leads nowhere", () => {
  expect([...ENDINGS]).toEqual(RUN_STATUSES.filter(isFinal));
  expect(() => readEnding("running")).toThrow("Not the end");
});

it("a chain ends with the attempt that none follows", () => {
  expect(isSettled({ status: "failed", retryAt: null })).toBe(true);
  expect(isSettled({ status: "failed", retryAt: NOON })).toBe(false);
  expect(isSettled({ status: "pending_retry", retryAt: NOON })).toBe(false);
  // Called off while the next attempt was waited for.
  expect(isSettled({ status: "cancelled", retryAt: NOON })).toBe(true);
});

it("every day is there, each with what is its own, and rows for many count as many", () => {
  const counted = [
    { at: hour(-12), ending: "succeeded", count: 1 },
    { at: hour(-13), ending: "missed", count: 7 },
    { at: hour(0), ending: "succeeded", count: 2 },
    { at: hour(-99), ending: "failed", count: 1 },
  ] as const;
  const days = countByDay(daysUpTo(NOON, "UTC", 3), counted);
  const none = { succeeded: 0, failed: 0, timed_out: 0, cancelled: 0, skipped: 0, missed: 0 };
  expect(days).toEqual([
    { ...none, date: "2026-11-20" },
    { ...none, date: "2026-11-21", missed: 7 },
    { ...none, date: "2026-11-22", succeeded: 3 },
  ]);
});
