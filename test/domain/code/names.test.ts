import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { functionNameOf } from "../../../src/domain/code/names.ts";
import { FUNCTION_NAME } from "../../../src/domain/function.ts";

describe("the name of an export's function", () => {
  it.each([
    ["dailyReport", "daily-report"],
    ["DailyReport", "daily-report"],
    ["daily_report", "daily-report"],
    ["HTMLReport2", "html-report2"],
    ["loadV2Data", "load-v2-data"],
    ["toHTML", "to-html"],
    ["a", "a"],
    ["X", "x"],
    ["default", "default"],
    ["_private", "private"],
    ["$store$", "store"],
    ["SCREAMING_CASE", "screaming-case"],
    ["größeNeu", "größe-neu"],
  ])("of %s is %s", (exported, name) => {
    expect(functionNameOf(exported)).toBe(name);
  });

  it("is one of a function for every plain identifier with a letter or digit, and stays as it is", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z_$][A-Za-z0-9_$]{0,60}$/), (exported) => {
        const name = functionNameOf(exported);
        if (!/[A-Za-z0-9]/.test(exported)) return name === "";
        return FUNCTION_NAME.test(name) && functionNameOf(name) === name && !/--|[A-Z]/.test(name);
      }),
    );
  });
});
