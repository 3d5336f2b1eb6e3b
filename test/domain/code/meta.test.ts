import { describe, expect, it } from "vitest";
import { readMeta } from "../../../src/domain/code/meta.ts";

const FULL = {
  name: "daily-report",
  schedule: "every day at 9am",
  timezone: "Europe/Berlin",
  retry: { attempts: 3, delay: 5_000, backoff: "exponential" },
  timeout: "10 minutes",
  isolate: "version",
  notifications: [{ on: "both", capture: "png" }, { capture: "pdf" }],
};

const fieldsOf = (meta: unknown) => {
  const read = readMeta(JSON.stringify(meta));
  return read.ok ? "fine" : read.error.map(({ field }) => field);
};

describe("the meta of a function", () => {
  it("is read as it is written", () => {
    expect(readMeta(JSON.stringify(FULL))).toEqual({ ok: true, value: FULL });
    for (const meta of [{}, { retry: 0 }, { timeout: 1_000 }, { retry: { attempts: 1 } }])
      expect(fieldsOf(meta)).toBe("fine");
  });

  it.each([
    [{ name: "" }, ["name"]],
    [{ name: "two words" }, ["name"]],
    [{ name: "x".repeat(200) }, ["name"]],
    [{ schedule: 5 }, ["schedule"]],
    [{ schedule: "x".repeat(5_000) }, ["schedule"]],
    [{ timezone: null }, ["timezone"]],
    [{ retry: -1 }, ["retry"]],
    [{ retry: 1.5 }, ["retry"]],
    [{ retry: "3" }, ["retry"]],
    [{ retry: [] }, ["retry"]],
    [{ retry: {} }, ["retry"]],
    [{ retry: { attempts: 3, deley: 5 } }, ["retry"]],
    [{ retry: { attempts: 3, backoff: "wild" } }, ["retry"]],
    [{ timeout: true }, ["timeout"]],
    [{ isolate: "none" }, ["isolate"]],
    [{ notifications: { capture: "png" } }, ["notifications"]],
    [{ notifications: ["png"] }, ["notifications"]],
    [{ notifications: [{ capture: "gif" }] }, ["notifications"]],
    [{ notifications: [{ capture: "png", to: "ada" }] }, ["notifications"]],
    [{ notifications: Array.from({ length: 21 }, () => ({ capture: "png" })) }, ["notifications"]],
    [{ shedule: "hourly", isolate: 1 }, ["shedule", "isolate"]],
    [{ constructor: 1, toString: 2 }, ["constructor", "toString"]],
    [[], ["meta"]],
    ["hourly", ["meta"]],
    [null, ["meta"]],
  ])("is refused, by its fields: %j", (meta, fields) => {
    expect(fieldsOf(meta)).toEqual(fields);
  });

  it("may hold a __proto__, which is a field like any other that is not known", () => {
    expect(readMeta('{"__proto__":{"schedule":"hourly"}}')).toMatchObject({
      ok: false,
      error: [{ field: "__proto__" }],
    });
  });

  it.each([
    [{ retry: -1 }, "retry is -1.", "a number of attempts, or {attempts, delay?, backoff?}"],
    [{ retry: { attempts: 3, deley: 5 } }, 'retry is {"attempts":3,"deley":5}.', /^a number of attempts/],
    [{ timezone: null }, "timezone is null.", "an IANA time zone such as Europe/Berlin"],
    [{ isolate: "all" }, 'isolate is "all".', "run or version"],
    [{ schedule: "x".repeat(5_000) }, /^schedule is "x{63}\.\.\.\.$/, "an expression such as every day at 9am"],
  ])("says what it is and what would have been right: %j", (meta, message, expected) => {
    expect(readMeta(JSON.stringify(meta))).toMatchObject({ ok: false, error: [{ message, expected }] });
  });

  it("says what would have been right, and no more of it than fits", () => {
    const read = readMeta(JSON.stringify({ ["x".repeat(10_000)]: 1 }));
    expect(read.ok ? "" : JSON.stringify(read.error).length).toBeLessThan(400);
  });
});
