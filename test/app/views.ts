/** Views to draw: of a project whose functions returned these values. */
import { cachedView } from "../../src/domain/app-state.ts";
import type { AppView } from "../../src/domain/app-view.ts";
import { readProjectId, readRunId } from "../../src/domain/ids.ts";
import type { Json } from "../../src/domain/json.ts";

export const PROJECT = { id: readProjectId("019b3f0e-6c00-7f29-a1d8-09d9a834877a"), name: "Reports" };
export const RUN = readRunId("019b3f0e-6c00-7f29-a1d8-09d9a834877b");
export const NINE = Date.parse("2027-01-15T09:00:00.000Z");

/** The cached state of functions that returned these. */
export function viewOf(values: Readonly<Record<string, Json>>, more: Partial<AppView> = {}): AppView {
  const stamp = { run: RUN, scheduledFor: NINE, finishedAt: NINE + 4_000 };
  const items = Object.entries(values).map(([fn, value]) => ({ fn, value }));
  const place = { project: PROJECT, timezone: "Europe/Berlin" };
  const options = { rerun: "/run", opensWithRun: false };
  return { ...cachedView(place, Object.keys(values), [{ fn: null, stamp, items }], options), ...more };
}
