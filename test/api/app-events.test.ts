/** The events of a run: told when there is something new, and by nobody who is not listened to. */
import { describe, expect, it } from "vitest";
import { eventStream, type WatchedRun } from "../../src/api/app-events.ts";
import { appPages } from "../../src/app/app.tsx";
import type { AppView } from "../../src/domain/app-view.ts";
import { conflict } from "../../src/domain/errors.ts";
import { fail, ok } from "../../src/domain/result.ts";
import { viewOf } from "../app/views.ts";

const RUNNING = { status: "running", isPending: true } as const;
const running = (text: string): AppView => viewOf({ work: text }, RUNNING);
const over = (text: string): AppView => viewOf({ work: text }, { status: "succeeded", isPending: false });

/** A run that is seen like this, one look after the other; then as it was last. */
function sourceOf(...views: readonly (AppView | "away")[]) {
  let looks = 0;
  const at = (index: number) => views[Math.min(index, views.length - 1)];
  const [first] = views;
  const source: WatchedRun = {
    first: first === undefined || first === "away" ? running("nothing") : first,
    pages: appPages,
    look: async () => {
      looks += 1;
      const view = at(looks);
      return view === undefined || view === "away" ? fail(conflict("away")) : ok(view);
    },
  };
  return { source, looks: () => looks };
}

const told = async ({ source }: ReturnType<typeof sourceOf>): Promise<readonly (readonly [string, object])[]> => {
  const text = await new Response(eventStream(source)).text();
  return text
    .split("\n\n")
    .filter((event) => event !== "")
    .map((event) => {
      const [, name = "", data = ""] = /^event: (\w+)\ndata: (.*)$/.exec(event) ?? [];
      return [name, JSON.parse(data)];
    });
};

describe("the events of a run", () => {
  it("say what is new, once, and end with the run", async () => {
    const events = await told(sourceOf(running("one"), running("one"), running("two"), over("two")));
    expect(events.map(([name]) => name)).toEqual(["state", "state", "state", "end"]);
    expect(events[1]?.[1]).toMatchObject({
      html: expect.stringContaining("two"),
      said: "Running… 1 function is done.",
    });
    expect(events.at(-1)?.[1]).toEqual({ status: "succeeded" });
  });

  it("do not repeat what is to be seen when only the words about it are others", async () => {
    const queued = viewOf({ work: 1 }, { status: null, isPending: true });
    const same = { ...queued, notices: [], stamp: null };
    const events = await told(sourceOf(same, { ...same, status: "queued" }, over("done")));
    expect(events[1]?.[1]).toMatchObject({ said: "Waiting to start…", html: null });
  });

  it("end without a word when the run cannot be seen any more", async () => {
    expect((await told(sourceOf(running("one"), "away"))).map(([name]) => name)).toEqual(["state"]);
  });

  it("stop looking when nobody listens any more", async () => {
    const watched = sourceOf(running("one"));
    const reader = eventStream(watched.source).getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toContain("event: state");
    await reader.cancel();
    const looks = watched.looks();
    await scheduler.wait(500);
    expect(watched.looks()).toBeLessThanOrEqual(looks + 1);
  });
});
