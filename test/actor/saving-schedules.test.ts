import { describe, expect, it } from "vitest";
import type { ScheduleInput } from "../../src/domain/schedule.ts";
import { evict, makeWorld, setClock, sql, unwrap, type World } from "../support/world.ts";

async function world(): Promise<World> {
  setClock("2027-01-15T08:00:00.000Z");
  return makeWorld((make) => [make.fn("work", "ok", { retry: 2, timeout: 60_000 }), make.fn("other")]);
}

async function save(to: World, input: ScheduleInput) {
  const [saved] = unwrap(await to.project.saveSchedules([input]));
  if (saved === undefined) throw new Error("No answer");
  return saved;
}

describe("saving a schedule", () => {
  it("keeps it across an eviction, with its place in the queue", async () => {
    const here = await world();
    const made = await here.schedule({ schedule: "every day at 9am", fn: "work", args: { a: [1] } });
    await evict(here);
    expect(unwrap(await here.project.schedule(made.id))).toMatchObject({ args: { a: [1] }, state: "active" });
    expect(await sql(here, "SELECT at FROM due")).toEqual([{ at: Date.parse("2027-01-15T09:00:00Z") }]);
  });

  it("takes retries and timeout from its function unless it has its own", async () => {
    const here = await world();
    expect((await here.schedule({ schedule: "hourly", fn: "work" })).spec).toMatchObject({
      retry: { attempts: 2 },
      timeout: 60_000,
    });
    expect((await here.schedule({ schedule: "hourly", fn: "work", retry: 0 })).spec.retry.attempts).toBe(0);
  });

  it("refuses a function that the published version does not have, and names those that it has", async () => {
    const refused = await save(await world(), { schedule: "hourly", fn: "wrok" });
    expect(refused).toMatchObject({
      ok: false,
      error: { code: "invalid", issues: [{ path: "/fn", expected: "one of: work, other" }] },
    });
  });

  it("names everything that is wrong at once and saves nothing", async () => {
    const here = await world();
    const refused = await save(here, { schedule: "every blue moon", fn: "work", timezone: "Mars/Olympus", timeout: 1 });
    const paths = refused.ok || refused.error.code !== "invalid" ? [] : refused.error.issues.map((issue) => issue.path);
    expect(paths.sort()).toEqual(["/schedule", "/timeout", "/timezone"]);
    expect(unwrap(await here.project.schedules({}, { limit: 10 })).items).toEqual([]);
  });

  it("answers each item of a batch by itself", async () => {
    const here = await world();
    const answers = unwrap(
      await here.project.saveSchedules([
        { schedule: "hourly", fn: "work" },
        { schedule: "???", fn: "work" },
        { schedule: "daily" },
      ]),
    );
    expect(answers.map((answer) => answer.ok)).toEqual([true, false, true]);
  });
});

describe("saving under a key", () => {
  it("creates once, then says unchanged, then updates the same schedule", async () => {
    const here = await world();
    const input = { schedule: "in 10 minutes", fn: "work", key: "reminder-1", args: { a: 1, b: 2 } };
    const first = unwrap(await save(here, input));
    setClock("2027-01-15T08:05:00.000Z");
    const again = unwrap(await save(here, { ...input, args: { b: 2, a: 1 } }));
    const changed = unwrap(await save(here, { ...input, schedule: "in 20 minutes" }));
    expect([first.change, again.change, changed.change]).toEqual(["created", "unchanged", "updated"]);
    expect(new Set([first, again, changed].map((saved) => saved.schedule.id)).size).toBe(1);
    expect(
      await sql(
        here,
        "SELECT at FROM due JOIN schedules ON id = schedule_id AND due.generation = schedules.generation",
      ),
    ).toEqual([{ at: Date.parse("2027-01-15T08:25:00Z") }]);
  });

  it("makes a new one when the old one with that key has ended", async () => {
    const here = await world();
    const first = unwrap(await save(here, { schedule: "hourly", fn: "work", key: "k" }));
    unwrap(await here.project.cancelSchedule(first.schedule.id));
    const second = unwrap(await save(here, { schedule: "hourly", fn: "work", key: "k" }));
    expect(second.change).toBe("created");
    expect(second.schedule.id).not.toBe(first.schedule.id);
  });
});

describe("an idempotency key", () => {
  it("makes a repeated write happen once and answers as before", async () => {
    const here = await world();
    const wish = { key: "abc", fingerprint: "f1" };
    const first = await here.project.saveSchedules([{ schedule: "hourly", fn: "work" }], wish);
    const again = await here.project.saveSchedules([{ schedule: "hourly", fn: "work" }], wish);
    expect(again).toEqual({ ...first, replayed: true });
    expect(unwrap(await here.project.schedules({}, { limit: 10 })).items).toHaveLength(1);
  });

  it("refuses another request under the same key", async () => {
    const here = await world();
    await here.project.saveSchedules([{ schedule: "hourly", fn: "work" }], { key: "abc", fingerprint: "f1" });
    const other = await here.project.saveSchedules([{ schedule: "daily", fn: "work" }], {
      key: "abc",
      fingerprint: "f2",
    });
    expect(other).toMatchObject({ ok: false, error: { code: "idempotency_key_reused" } });
  });

  it("is free again after a refusal, so that a mended request may use it", async () => {
    const here = await world();
    await here.project.saveSchedules([{ schedule: "???", fn: "work" }], { key: "abc", fingerprint: "f1" });
    const mended = await here.project.saveSchedules([{ schedule: "daily", fn: "work" }], {
      key: "abc",
      fingerprint: "f2",
    });
    expect(mended).toMatchObject({ ok: true, value: [{ ok: true }] });
  });

  it("starts a run once", async () => {
    const here = await world();
    const wish = { key: "run", fingerprint: "f" };
    const first = unwrap(await here.project.startRun({ fn: "work", context: "api-triggered" }, wish));
    const again = unwrap(await here.project.startRun({ fn: "work", context: "api-triggered" }, wish));
    expect(again.id).toBe(first.id);
  });
});

describe("changing a schedule", () => {
  it("leaves its times alone when the change is not about them", async () => {
    const here = await world();
    const made = await here.schedule({ schedule: "every 45 minutes", fn: "work" });
    const before = await sql(here, "SELECT * FROM due");
    setClock("2027-01-15T08:20:00.000Z");
    const changed = unwrap(await here.project.changeSchedule(made.id, { retry: 5, args: { x: 1 } }));
    expect(changed.spec.recurrence).toEqual(made.spec.recurrence);
    expect(changed.spec.retry.attempts).toBe(5);
    expect(await sql(here, "SELECT * FROM due")).toEqual(before);
  });

  it("moves it in the queue when its expression changes, and the old time is not fired", async () => {
    const here = await world();
    const made = await here.schedule({ schedule: "every day at 9am", fn: "work" });
    unwrap(await here.project.changeSchedule(made.id, { schedule: "every day at 10am" }));
    expect(await sql(here, "SELECT at FROM due")).toEqual([{ at: Date.parse("2027-01-15T10:00:00Z") }]);
  });

  it("takes a field back to its default with null", async () => {
    const here = await world();
    const made = await here.schedule({ schedule: "hourly", fn: "work", spread: 5_000, overlap: "allow_all" });
    const changed = unwrap(await here.project.changeSchedule(made.id, { spread: null, overlap: null }));
    expect(changed.spec).toMatchObject({ spread: 0, overlap: "skip" });
  });

  it("refuses a wrong change and keeps what was", async () => {
    const here = await world();
    const made = await here.schedule({ schedule: "hourly", fn: "work" });
    expect(await here.project.changeSchedule(made.id, { schedule: "every 0 minutes" })).toMatchObject({ ok: false });
    expect(unwrap(await here.project.schedule(made.id))).toEqual(made);
  });

  it("refuses when somebody changed it since the caller looked", async () => {
    const here = await world();
    const made = await here.schedule({ schedule: "hourly", fn: "work" });
    setClock("2027-01-15T08:00:01.000Z");
    unwrap(await here.project.changeSchedule(made.id, { retry: 1 }, made.updatedAt));
    expect(await here.project.changeSchedule(made.id, { retry: 2 }, made.updatedAt)).toMatchObject({
      ok: false,
      error: { code: "changed_since" },
    });
  });
});
