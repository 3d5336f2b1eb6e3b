/** Runs outside any schedule: how long they may take, and how many of them visitors may have. */
import { expect, it, vi } from "vitest";
import { VISITS_AT_ONCE } from "../../src/actor/plan-limits.ts";
import { RunCounter } from "../../src/actor/run-counter.ts";
import type { FunctionSpec } from "../../src/domain/function.ts";
import { MINUTE_MS } from "../../src/domain/time/instant.ts";
import { loseMessages, makeWorld, unwrap } from "../support/world.ts";

/** What the executor is told of a run of these functions; `refresh`: of the one that their publication starts. */
async function timeoutOf(timeouts: readonly FunctionSpec["timeout"][], { fn = "", refresh = false } = {}) {
  loseMessages();
  const world = await makeWorld((make) => timeouts.map((timeout, index) => make.fn(`fn-${index}`, "ok", { timeout })));
  const run = refresh
    ? unwrap(await world.project.publish(1, { refresh })).run
    : unwrap(await world.project.startRun({ ...(fn === "" ? {} : { fn }), context: "api-triggered" })).id;
  const [claim] = run === null ? [] : await world.project.begin([{ schedule: null, run }]);
  return claim?.timeout;
}

it.each([
  ["two that do not say", [undefined, undefined], 10 * MINUTE_MS],
  ["one that says and one that does not", ["2 minutes", undefined], 7 * MINUTE_MS],
  ["two short ones", [30_000, 45_000], 75_000],
  ["more than one run may take", [undefined, undefined, undefined], 14 * MINUTE_MS],
  ["one that may only wait for its completion", ["2 hours"], 14 * MINUTE_MS],
])("a run of the whole project has the time of all its functions: %s", async (_, timeouts, expected) => {
  expect(await timeoutOf(timeouts)).toBe(expected);
});

it("a publication's run has as much", async () => {
  expect(await timeoutOf([undefined, "3 minutes"], { refresh: true })).toBe(8 * MINUTE_MS);
});

it("a run of one function has that function's own time", async () => {
  expect(await timeoutOf([undefined, "2 minutes"], { fn: "fn-1" })).toBe(2 * MINUTE_MS);
});

it("visitors run the app for themselves a few at a time, and whoever may run it otherwise still can", async () => {
  loseMessages();
  const world = await makeWorld();
  const visit = () => world.project.startRun({ context: "app" });
  for (let visits = 0; visits < VISITS_AT_ONCE; visits += 1) unwrap(await visit());
  expect(await visit()).toMatchObject({ ok: false, error: { code: "conflict" } });
  unwrap(await world.project.startRun({ context: "api-triggered" }));
  expect(unwrap(await world.project.publish(1, { refresh: true })).run).not.toBeNull();
  const [first] = (await world.live()).filter(({ context }) => context === "app");
  if (first !== undefined) unwrap(await world.project.cancelRun(first.id));
  unwrap(await visit());
});

it("visitors leave half of the day's runs to schedules", async () => {
  loseMessages();
  const world = await makeWorld(undefined, { plan: "professional" });
  vi.spyOn(RunCounter.prototype, "left").mockReturnValue(500);
  vi.spyOn(RunCounter.prototype, "count").mockReturnValue(500);
  expect(await world.project.startRun({ context: "app" })).toMatchObject({
    ok: false,
    error: { code: "limit_reached", limit: "runs_per_day", allowed: 1_000, used: 1_001, plan: "team" },
  });
  unwrap(await world.project.startRun({ context: "api-triggered" }));
});
