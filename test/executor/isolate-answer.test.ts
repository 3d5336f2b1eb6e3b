/** What an isolate answers to a call, whose author may have written the answer himself. */
import { describe, expect, it } from "vitest";
import { readCallAnswer } from "../../src/executor/isolate-answer.ts";
import { platformError, startFailure } from "../../src/executor/isolate-trouble.ts";

const MODULES = new Set(["index.js"]);
const read = (answer: unknown) => readCallAnswer(answer, MODULES);

describe("an answer", () => {
  it("of a value is the value", () => {
    expect(read({ kind: "value", json: '{"rows":[1]}' })).toEqual({ kind: "value", value: { rows: [1] } });
  });

  it.each([
    undefined,
    null,
    "value",
    [],
    {},
    { kind: "accepted" },
    { kind: "aborted" },
    { kind: "value" },
    { kind: "value", json: "{ no" },
    { kind: "value", json: { toString: "x" } },
    { kind: "value", json: `${"[".repeat(200)}${"]".repeat(200)}` },
  ])("that is none is refused: %j", (answer) => {
    expect(read(answer)).toMatchObject({ kind: "failed", error: { reason: "output_invalid" } });
  });

  it("that is larger than it may be is refused", () => {
    const answer = { kind: "value", json: JSON.stringify("x".repeat(2_000_000)) };
    expect(read(answer)).toMatchObject({ kind: "failed", error: { reason: "response_too_large" } });
  });

  it.each([
    [{ retry: "never" }, { retry: "never" }],
    [{ retry: { after: 10 } }, { retry: { after: 10 } }],
    [{ retry: { after: -10 } }, {}],
    [{ retry: { after: "soon" } }, {}],
    [{ retry: { after: Number.POSITIVE_INFINITY } }, {}],
  ])("of a failure asks for a retry only as it may: %j", (said, asked) => {
    const error = { reason: "reported", message: "busy" };
    expect(read({ kind: "failure", message: "busy", ...said })).toEqual({ kind: "failed", error, ...asked });
  });

  it("of an exception is bounded, whatever it says", () => {
    const result = read({
      kind: "threw",
      name: "x".repeat(1e6),
      message: "y".repeat(1e6),
      stack: 7,
      caused: { message: 7 },
    });
    expect(JSON.stringify(result).length).toBeLessThan(5_000);
    expect(read({ kind: "threw" })).toMatchObject({
      error: { reason: "exception", message: "It threw without a word." },
    });
  });
});

describe("the platform's refusals", () => {
  it.each([
    ["Worker exceeded CPU time limit.", "limit_exceeded"],
    ["Worker exceeded memory limit.", "limit_exceeded"],
    ["Too many subrequests.", "limit_exceeded"],
    ["Failed to start Worker:\nUncaught SyntaxError: x\n  at index.js:1:17", "load_failed"],
    ["internal error; reference = abc123", "exception"],
  ])("are named: %s", (message, reason) => {
    const error = platformError(new Error(message));
    expect(error.reason).toBe(reason);
    expect(error.message).not.toContain("abc123");
  });

  it("of a fetch too many are the same inside the isolate", () => {
    const answer = {
      kind: "threw",
      name: "Error",
      message: "Too many subrequests.",
      stack: "    at work (index.js:2:3)",
    };
    expect(read(answer)).toMatchObject({ error: { reason: "limit_exceeded", stack: "work (index.js:2:3)" } });
  });

  it("to start tell the place, as far as they know it", () => {
    const place = (text: string) => startFailure(new Error(`Failed to start Worker:\n${text}`));
    expect(place("Uncaught SyntaxError: x\n  at lib/b.js:3:17")).toEqual({
      message: "SyntaxError: x",
      place: { module: "lib/b.js", line: 3, column: 17 },
    });
    expect(place("Uncaught SyntaxError: x\n  at index.js:3")?.place).toEqual({
      module: "index.js",
      line: 3,
      column: 1,
    });
    expect(place("Something else")).toEqual({ message: "Something else", place: null });
    expect(startFailure(new Error("Network connection lost."))).toBeNull();
  });
});
