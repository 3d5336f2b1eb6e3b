import { describe, expect, it } from "vitest";
import { refusalOf } from "../../src/api/refusal.ts";

const detail = "The input cannot be accepted.";

describe("a refusal in one text", () => {
  it("says where, what, what was expected and what to try", () => {
    const issue = {
      path: "/data/schedule",
      message: '"evry" is not understood.',
      expected: "a time",
      suggestion: "every day",
    };
    expect(refusalOf({ detail, errors: [issue] })).toBe(
      'schedule: "evry" is not understood; expected a time; try "every day"',
    );
  });

  it("names a field inside a field, and nothing where the whole is meant", () => {
    const errors = [
      { path: "/retry/attempts", message: "attempts is too large." },
      { path: "/data", message: "Say which." },
    ];
    expect(refusalOf({ detail, errors })).toBe("retry.attempts: attempts is too large; Say which");
  });

  it("tells of three things at most, and counts the others", () => {
    const errors = ["a", "b", "c", "d", "e"].map((name) => ({ path: `/${name}`, message: "It is wrong." }));
    expect(refusalOf({ detail, errors })).toBe("a: It is wrong; b: It is wrong; c: It is wrong; and 2 more");
  });

  it("is the problem's own sentence where nothing of the input is to blame", () => {
    expect(refusalOf({ detail: "The limit schedules is 1; this would come to 2." })).toBe(
      "The limit schedules is 1; this would come to 2",
    );
  });
});
