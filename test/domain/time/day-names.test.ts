import { expect, it } from "vitest";
import { sayDate, sayWeekday } from "../../../src/domain/time/day-names.ts";

it("says a day as people do, and leaves what is none as it is", () => {
  expect([sayWeekday("2026-11-12"), sayDate("2026-11-12")]).toEqual(["Thu", "12 Nov"]);
  expect([sayWeekday("2026-02-30"), sayDate("2026-02-30")]).toEqual(["", "2026-02-30"]);
});
