/** Whoever listens to a project hears of every change, costs nothing where nobody listens, and is asked again who they are. */
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { type Changed, Changes } from "../../src/actor/changes.ts";
import { openSocket } from "../../src/actor/reach.ts";
import type { RunKey } from "../../src/domain/claim.ts";
import { readRunId, readTokenId } from "../../src/domain/ids.ts";
import type { Output } from "../../src/domain/run.ts";
import { MINUTE_MS } from "../../src/domain/time/instant.ts";
import { newId } from "../../src/system.ts";
import { loseMessages, makeWorld, ringAt, setClock, unwrap, type World } from "../support/world.ts";

const START = Date.parse("2027-01-15T09:00:00.000Z");

const someCredential = () => readTokenId(newId());

/** Two hundred who listen, by ten credentials. */
async function fill({ scope }: World): Promise<readonly WebSocket[]> {
  const by = Array.from({ length: 10 }, someCredential);
  const given = await Promise.all(by.flatMap((one) => Array.from({ length: 20 }, () => openSocket(env, scope, one))));
  return given.map(({ webSocket }) => {
    webSocket?.accept();
    return webSocket ?? expect.fail("There is no place");
  });
}

/** What one listener was told, in order; a close is told as its code. */
async function listen({ scope }: World) {
  const { webSocket } = await openSocket(env, scope, someCredential());
  if (webSocket === null) throw new Error("There is no socket");
  const heard: unknown[] = [];
  webSocket.addEventListener(
    "message",
    ({ data }) => void heard.push(data === "pong" ? data : JSON.parse(String(data))),
  );
  webSocket.addEventListener("close", ({ code }) => void heard.push(code));
  webSocket.accept();
  /** The next thing that is heard. */
  const hears = () => vi.waitFor(() => heard.shift() ?? expect.fail("Nothing is heard"));
  return { socket: webSocket, heard, hears };
}

async function quietWorld(): Promise<World> {
  setClock(START - 10_000);
  const world = await makeWorld();
  loseMessages();
  return world;
}

/** Counts the rows that the actor writes from here on, but for those of the run log's taking over, which come when they come. */
const countRows = (world: World) =>
  runInDurableObject(world.stub, (_, { storage }) => {
    const written = { rows: 0 };
    const exec = storage.sql.exec.bind(storage.sql);
    vi.spyOn(Object.getPrototypeOf(storage.sql), "exec").mockImplementation((query, ...bindings) => {
      const cursor = exec(String(query), ...bindings);
      if (!/^\s*DELETE|SET logged/.test(String(query))) written.rows += cursor.rowsWritten;
      return cursor;
    });
    return written;
  });

const OUTPUT: Output = { stored: "inline", json: "1" };

describe("whoever listens", () => {
  it("hears which runs and schedules have changed, and nothing of what they are", async () => {
    const world = await quietWorld();
    const { hears, heard } = await listen(world);
    const { id: schedule } = await world.schedule({ schedule: "in 10 seconds", fn: "work", retry: 1 });
    expect(await hears()).toEqual({ runs: [], schedules: true });
    await ringAt(world, START);
    const [run] = await world.live();
    const key: RunKey = { schedule, run: run?.id ?? expect.fail("Nothing was fired") };
    expect(await hears()).toEqual({ runs: [key.run], schedules: true });
    await world.project.begin([key]);
    expect(await hears()).toEqual({ runs: [key.run] });
    await world.project.progress([{ run: key, output: OUTPUT }]);
    expect(await hears()).toEqual({ runs: [key.run] });
    const error = { reason: "http_status", message: "It answered 500.", status: 500 } as const;
    await world.project.finish([{ run: key, outcome: { kind: "failed", at: START + 5, error } }]);
    expect(await hears()).toEqual({ runs: [key.run] });
    await ringAt(world, START + 2_000);
    const retry = (await world.live()).find(({ attempt }) => attempt === 1) ?? expect.fail("There is no retry");
    expect(await hears()).toMatchObject({ runs: expect.arrayContaining([key.run, retry.id]) });
    unwrap(await world.project.cancelRun(retry.id));
    expect(await hears()).toEqual({ runs: [retry.id] });
    expect(heard).toEqual([]);
  });

  it("hears once of what several turns in a row have changed", async () => {
    const world = await quietWorld();
    const { hears, heard } = await listen(world);
    const first = unwrap(await world.project.startRun({ fn: "work", context: "api-triggered" }));
    const second = unwrap(await world.project.startRun({ fn: "work", context: "api-triggered" }));
    await world.project.begin([{ schedule: null, run: first.id }]);
    expect(await hears()).toEqual({ runs: [first.id, second.id] });
    expect(heard).toEqual([]);
  });

  it("hears of what never ran, and of up to fifty runs by name", async () => {
    const world = await quietWorld();
    const { id } = await world.schedule({ schedule: "every minute", fn: "work" });
    const { hears } = await listen(world);
    unwrap(await world.project.skipNext(id));
    expect(await hears()).toMatchObject({ schedules: true });
    await ringAt(world, START);
    expect(await hears()).toMatchObject({ runs: { length: 1 } });
    await ringAt(world, START + 3 * MINUTE_MS);
    expect(await hears()).toMatchObject({ runs: { length: 2 } });
    const [from, to] = [START - 100 * MINUTE_MS, START - 40 * MINUTE_MS];
    unwrap(await world.project.backfill(id, { from, to }));
    const message = await hears();
    expect(message).toMatchObject({ runs: { length: 50 }, more: true });
  });

  it("is told by an instance that has forgotten it, and pinging wakes none", async () => {
    const world = await quietWorld();
    const { socket, hears } = await listen(world);
    await evictDurableObject(world.stub, { webSockets: "hibernate" });
    socket.send("ping");
    expect(await hears()).toBe("pong");
    const { id } = unwrap(await world.project.startRun({ fn: "work", context: "api-triggered" }));
    expect(await hears()).toEqual({ runs: [id] });
  });

  it("is sent to ask again by the first change after five minutes", async () => {
    const world = await quietWorld();
    const early = await listen(world);
    setClock(START + MINUTE_MS);
    const late = await listen(world);
    setClock(START - 10_000 + 5 * MINUTE_MS);
    const { id } = unwrap(await world.project.startRun({ fn: "work", context: "api-triggered" }));
    expect(await early.hears()).toBe(4001);
    expect(await late.hears()).toEqual({ runs: [id] });
  });

  it("says nothing but ping", async () => {
    const { socket, hears } = await listen(await quietWorld());
    socket.send("hello");
    expect(await hears()).toBe(1003);
  });

  it("hears that the project is gone, and finds none to listen to afterwards", async () => {
    const world = await quietWorld();
    const { hears } = await listen(world);
    await world.project.close();
    expect(await hears()).toBe(4004);
    expect((await openSocket(env, world.scope, someCredential())).status).toBe(404);
  });

  it("is one of 200 at most", async () => {
    const world = await quietWorld();
    const [first] = await fill(world);
    expect((await openSocket(env, world.scope, someCredential())).status).toBe(503);
    first?.close();
    await vi.waitFor(async () => expect((await openSocket(env, world.scope, someCredential())).status).toBe(101));
  });

  it("holds no more than twenty places by one token or session", async () => {
    const { scope } = await quietWorld();
    const one = someCredential();
    const given = await Promise.all(Array.from({ length: 21 }, () => openSocket(env, scope, one)));
    expect(given.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 20 }, () => 101), 503]);
    expect((await openSocket(env, scope, someCredential())).status).toBe(101);
  });

  it("keeps no place once it was told to close, although it never answered", async () => {
    const world = await quietWorld();
    await fill(world);
    await runInDurableObject(world.stub, (_, state) => {
      for (const socket of state.getWebSockets()) socket.close(4001);
    });
    expect((await openSocket(env, world.scope, someCredential())).status).toBe(101);
  });

  it("makes room when its time is up, also where nothing changes", async () => {
    const world = await quietWorld();
    await fill(world);
    setClock(START + 5 * MINUTE_MS);
    expect((await openSocket(env, world.scope, someCredential())).status).toBe(503);
    await vi.waitFor(async () => expect((await openSocket(env, world.scope, someCredential())).status).toBe(101));
  });
});

describe("a change", () => {
  it("is committed although it cannot be told of", async () => {
    const world = await quietWorld();
    const { heard } = await listen(world);
    const told = await runInDurableObject(world.stub, (_, state) => {
      for (const socket of state.getWebSockets()) socket.close();
      return state.getWebSockets().length;
    });
    unwrap(await world.project.startRun({ fn: "work", context: "api-triggered" }));
    expect([told, (await world.live()).length]).toEqual([1, 1]);
    expect(heard).toEqual([1005]);
  });

  it("costs as many rows with somebody who listens as with nobody", async () => {
    const world = await quietWorld();
    const written = await countRows(world);
    const costs: number[] = [];
    for (const listeners of [0, 1]) {
      if (listeners > 0) await listen(world);
      const before = written.rows;
      const { id } = unwrap(await world.project.startRun({ fn: "work", context: "api-triggered" }));
      const key: RunKey = { schedule: null, run: id };
      await world.project.begin([key]);
      await world.project.progress([{ run: key, output: OUTPUT }]);
      await world.project.finish([{ run: key, outcome: { kind: "succeeded", at: START, output: null } }]);
      costs.push(written.rows - before);
    }
    expect(costs[0]).toBeGreaterThan(3);
    expect(costs[1]).toBe(costs[0]);
  });

  it("that is rolled back is not told of, but what else there was is to be looked for", async () => {
    const told: Changed[] = [];
    const changes = new Changes((changed) => told.push(changed));
    changes.noteRun(readRunId(newId()));
    changes.forget();
    await Promise.resolve();
    expect(told).toEqual([{ runs: [], isMore: true, schedules: false }]);
  });
});
