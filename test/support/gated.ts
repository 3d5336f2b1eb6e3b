/** A project whose messages arrive nowhere, for what the gate between an actor and the queue lets through. */
import { expect, vi } from "vitest";
import { Dispatcher } from "../../src/actor/dispatcher.ts";
import { RunSlots } from "../../src/actor/run-slots.ts";
import type { RunKey } from "../../src/domain/claim.ts";
import type { PlanName } from "../../src/domain/plan.ts";
import { makeWorld, setClock, unwrap, type World } from "./world.ts";

export const START = Date.parse("2027-01-15T08:30:00Z");

/** What was handed to the queue is noted. */
export async function gated(plan: PlanName = "professional") {
  setClock(START);
  const sent: RunKey[] = [];
  vi.spyOn(Dispatcher.prototype, "send").mockImplementation(async (keys) => {
    sent.push(...keys);
    return [];
  });
  const world = await makeWorld(undefined, { plan });
  return { world, sent };
}

export async function start(world: World, runs: number): Promise<void> {
  for (let index = 0; index < runs; index += 1) {
    // One after another: ids of one millisecond are in no order.
    setClock(Date.now() + 1);
    unwrap(await world.project.startRun({ fn: "work", context: "api-triggered" }));
  }
}

export const finish = (world: World, keys: readonly RunKey[]) =>
  world.project.finish(keys.map((run) => ({ run, outcome: { kind: "succeeded", at: Date.now(), output: null } })));

/** A call that hands over what may go, once the slots that were asked for are there. */
export const settled = async (sent: readonly RunKey[], count: number) =>
  vi.waitFor(() => expect(sent).toHaveLength(count), { interval: 5 });

export function slotsAreGone() {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  return vi.spyOn(RunSlots.prototype, "hold").mockRejectedValue(new Error("Network connection lost."));
}
