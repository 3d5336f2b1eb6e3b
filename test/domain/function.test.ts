import { describe, expect, it } from "vitest";
import { FUNCTION_NAME } from "../../src/domain/function.ts";

describe("the name of a function", () => {
  it.each(["daily-report", "a", "dailyReport", "::myapp::jobs/daily-report", "v1.2_x", ".hidden", "n".repeat(128)])(
    "may be %j",
    (name) => {
      expect(FUNCTION_NAME.test(name)).toBe(true);
    },
  );

  it.each([
    "",
    "-dash-first",
    "/slash-first",
    "two words",
    "tab\t",
    "line\n",
    "ünicode",
    "a?b",
    "a%2fb",
    "<b>",
    "n".repeat(129),
  ])("may not be %j", (name) => {
    expect(FUNCTION_NAME.test(name)).toBe(false);
  });
});
