/** What an isolate answers at an upload, and what is made of it: the code that is loaded may write the answer itself. */
import { describe, expect, it, vi } from "vitest";
import { inspectModules, LOAD_TIME_MS } from "../../src/executor/inspect-modules.ts";

const MODULES = { main: "a.js", texts: { "a.js": "" } };

/** A loader whose isolates answer so. */
function loaderOf(inspect: () => Promise<unknown>): WorkerLoader {
  const never = () => {
    throw new Error("Not to be called");
  };
  return { get: never, load: () => ({ getEntrypoint: () => ({ inspect }) }) } as unknown as WorkerLoader;
}

const inspected = (answer: unknown) =>
  inspectModules(
    loaderOf(async () => answer),
    MODULES,
  );

describe("an isolate at an upload", () => {
  it("that never answers is given up", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const inspection = inspectModules(
      loaderOf(() => new Promise(() => {})),
      MODULES,
    );
    await vi.advanceTimersByTimeAsync(LOAD_TIME_MS);
    const message = `Loading did not end within ${LOAD_TIME_MS} ms.`;
    expect(await inspection).toEqual({ ok: false, error: { message, place: null } });
  });

  it.each([undefined, null, 7, "loaded", [], {}, { kind: "value" }, { kind: ["loaded"] }])(
    "that gives an answer which is none has loaded nothing: %j",
    async (answer) => {
      const message = "It threw without a word.";
      expect(await inspected(answer)).toEqual({ ok: false, error: { message, place: null } });
    },
  );

  it.each([
    [{ kind: "loaded" }],
    [{ kind: "loaded", exports: "a" }],
    [{ kind: "loaded", exports: { length: 1, 0: { name: "a", callable: true } } }],
  ])("that tells of no list of exports has none: %j", async (answer) => {
    expect(await inspected(answer)).toEqual({ ok: true, value: new Map() });
  });

  it("is believed about an export only what can be", async () => {
    const told = [null, { name: 7, callable: "yes", meta: {} }, { name: "a", callable: "yes", meta: '{"retry":3}' }];
    const loaded = await inspected({ kind: "loaded", exports: told });
    expect(loaded).toMatchObject({ ok: true });
    if (!loaded.ok) return;
    expect(loaded.value.get("a")).toEqual({ name: "a", isFunction: false, meta: { ok: true, value: { retry: 3 } } });
    expect(loaded.value.get("")).toEqual({ name: "", isFunction: false, meta: { ok: true, value: {} } });
  });

  it.each(["{ no", "7", '{"shedule":"hourly"}', "x".repeat(100_000)])(
    "that gives a meta which is none is told so, in few words: %j",
    async (meta) => {
      const loaded = await inspected({ kind: "loaded", exports: [{ name: "a", callable: true, meta }] });
      const read = loaded.ok ? loaded.value.get("a")?.meta : undefined;
      expect(read?.ok).toBe(false);
      expect(JSON.stringify(read).length).toBeLessThan(500);
    },
  );
});
