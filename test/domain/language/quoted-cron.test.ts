/** What a description says when English has no words. */
import { describe, expect, it } from "vitest";
import { meaningOf, refusalOf } from "./tables.ts";

describe("quoted cron lines", () => {
  it.each([
    ["cron 0 0 15W * *", "cron 0 0 15W * *"],
    ["cron 0 9 * * * and cron 30 17 * * 5", "cron 0 9 * * * | 30 17 * * FRI"],
    ["CRON 0 0 L * *", "cron 0 0 L * *"],
  ])("one line or several: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it("may name its zone, and refuses at the right place", () => {
    expect(meaningOf("cron 0 0 15W * * in Europe/Berlin")).toBe("cron 0 0 15W * *");
    expect(refusalOf("cron 0 9 * * * and cron 99 * * * *")).toMatchObject({ reason: "out_of_range", position: 24 });
  });
});
