/** Which run's output a function shows, and what a page says of what it shows. */
import { describe, expect, it } from "vitest";
import { type CachedPart, cachedView, runView } from "../../src/domain/app-state.ts";
import { readProjectId, readRunId } from "../../src/domain/ids.ts";
import type { Json } from "../../src/domain/json.ts";
import { RUN_STATUSES, type Run, type RunStatus } from "../../src/domain/run.ts";
import { makeRun } from "../support/make-run.ts";

const idOf = (digit: number) => readRunId(`019b3f0e-6c00-7f29-a1d8-09d9a834877${digit}`);
const PLACE = {
  project: { id: readProjectId("019b3f0e-6c00-7f29-a1d8-09d9a8348770"), name: "Reports" },
  timezone: "UTC",
};
const OPTIONS = { rerun: "/run", opensWithRun: false };
const NINE = Date.parse("2027-01-15T09:00:00Z");

/** What run `digit` left, so many hours after nine. */
const part = (
  digit: number,
  fn: string | null,
  values: Readonly<Record<string, Json>> | null,
  hour = 0,
): CachedPart => ({
  fn,
  stamp: { run: idOf(digit), scheduledFor: NINE + hour * 3_600_000, finishedAt: NINE + hour * 3_600_000 + 1 },
  items: values === null ? null : Object.entries(values).map(([name, value]) => ({ fn: name, value })),
});

const shown = (functions: readonly string[], parts: readonly CachedPart[]) => {
  const view = cachedView(PLACE, functions, parts, OPTIONS);
  const texts = view.sections.map(({ fn, blocks: [block] }) => [
    fn,
    block?.kind === "value" ? block.text : block?.kind,
  ]);
  return { ...view, texts };
};

describe("the cached state", () => {
  it("has the functions in their order, each as it was left last", () => {
    const { texts, state } = shown(["b", "a"], [part(1, null, { a: "old", b: "old" }), part(2, "a", { a: "new" }, 1)]);
    expect(state).toBe("cached");
    expect(texts).toEqual([
      ["b", "old"],
      ["a", "new"],
    ]);
  });

  it("has no function that the published version does not have, and names those that wait", () => {
    const { texts, notices } = shown(["a", "c"], [part(1, null, { a: 1, gone: 2 })]);
    expect(texts).toEqual([["a", "1"]]);
    expect(notices.map(({ text }) => text)).toEqual(["No output yet: c."]);
  });

  it("shows of a function that left nothing by itself that, and not what it left before", () => {
    const { sections } = shown(["a"], [part(1, null, { a: "old" }), part(2, "a", {}, 1)]);
    expect(sections[0]?.blocks).toEqual([{ kind: "value", form: "nothing", text: "", notes: [] }]);
  });

  it("is of the run that most of it comes from, and of the newer one of two", () => {
    const whole = part(1, null, { a: 1, b: 1 });
    expect(shown(["a", "b", "c"], [whole, part(2, "c", { c: 1 }, 1)]).stamp).toEqual(whole.stamp);
    const newer = part(2, "b", { b: 1 }, 1);
    expect(shown(["a", "b"], [whole, newer]).stamp).toEqual(newer.stamp);
  });

  it.each([
    [[], [], "Nothing is published yet"],
    [["a"], [], "Nothing has run yet"],
    [["a"], [part(1, null, null)], "no longer kept"],
  ])("is empty for a reason: %j", (functions, parts, reason) => {
    const view = shown(functions, parts);
    expect(view.state).toBe("empty");
    expect(view.notices[0]?.text).toContain(reason);
  });

  it("gives way to a run of the visitor's own where the project opens with one", () => {
    const view = cachedView(PLACE, ["a"], [part(1, null, { a: 1 })], { ...OPTIONS, opensWithRun: true });
    expect(view).toMatchObject({ state: "own", sections: [], stamp: null, opensWithRun: true, rerun: "/run" });
    expect(cachedView(PLACE, [], [], { ...OPTIONS, opensWithRun: true })).toMatchObject({
      state: "empty",
      rerun: null,
    });
  });
});

describe("the state of one run", () => {
  const options = { state: "historic", rerun: null, events: null, home: "/app", showsStack: true } as const;
  const run = (status: RunStatus, more: Partial<Run> = {}): Run => makeRun({ id: idOf(1), status, ...more });
  const ERROR = { reason: "exception", message: "No data", fn: "b", stack: "at b (index.js:2)" } as const;
  const view = (of: Run, showsStack = true) => runView(PLACE, of, [{ fn: "a", value: 1 }], { ...options, showsStack });

  it("goes on for as long as something may be added to it", () => {
    const pending = RUN_STATUSES.filter((status) => view(run(status)).isPending);
    expect(pending).toEqual(["queued", "running"]);
  });

  it("says of a failure where it was, and shows where it was thrown to those who may look into runs alone", () => {
    const failed = run("failed", { error: ERROR });
    expect(view(failed).notices).toEqual([
      { tone: "wrong", text: "The run failed in b: No data", detail: "at b (index.js:2)" },
    ]);
    expect(view(failed, false).notices).toEqual([{ tone: "wrong", text: "The run failed in b: No data" }]);
    // Programs get the same, and where it was thrown is for the notice alone.
    for (const showsStack of [true, false])
      expect(view(failed, showsStack).error).toEqual({ reason: "exception", message: "No data", fn: "b" });
  });

  it("keeps what was produced before it failed", () => {
    expect(view(run("failed", { error: ERROR })).sections.map(({ fn }) => fn)).toEqual(["a"]);
  });

  it("says that another attempt follows, that the version was a draft, and that nothing was left", () => {
    const said = (of: Run) => view(of).notices.map(({ text }) => text);
    expect(said(run("pending_retry", { error: ERROR }))[0]).toContain("Another attempt follows it.");
    expect(said(run("succeeded", { context: "logic", version: 3 }))[0]).toContain("version 3 was run as a draft");
    expect(said(run("missed", { unrun: "catchup_window" }))[0]).toContain("missed: catchup window");
    const nothing = runView(PLACE, run("succeeded"), [], options);
    expect(nothing.notices[0]?.text).toContain("nothing to show");
    expect(runView(PLACE, run("succeeded"), null, options).notices[0]?.text).toContain("no longer kept");
  });
});
