import { describe, expect, it, vi } from "vitest";
import { COUNT_LIMIT } from "../../src/domain/policy/catch-up.ts";
import type { Run } from "../../src/domain/run.ts";
import {
  eventually,
  evict,
  loseMessages,
  makeWorld,
  ring,
  ringAt,
  setClock,
  sql,
  unwrap,
  type World,
} from "../support/world.ts";

const NINE = "2027-01-15T09:00:00.000Z";

/** What became of each occurrence, as `time status reason x count`. */
async function ledger(world: World, settled: number): Promise<readonly string[]> {
  const runs = await eventually(
    async () => [...(await world.logged()), ...(await world.live())],
    (all) => all.length >= settled,
  );
  return runs.map(inWords).sort();
}

const inWords = (run: Run): string =>
  [new Date(run.scheduledFor).toISOString().slice(11, 19), run.status, run.unrun, run.count > 1 ? `x${run.count}` : ""]
    .filter(Boolean)
    .join(" ");

async function everyMinute(more: Record<string, unknown> = {}): Promise<World> {
  setClock("2027-01-15T08:59:30.000Z");
  const world = await makeWorld();
  await world.schedule({ schedule: "* * * * *", fn: "work", ...more });
  return world;
}

describe("firing", () => {
  it("gives an occurrence one decision however often the alarm rings for it", async () => {
    const world = await everyMinute();
    loseMessages();
    await ringAt(world, NINE);
    await ring(world);
    await ring(world);
    expect(await ledger(world, 1)).toEqual(["09:00:00 queued"]);
  });

  it("treats a ring before the time as nothing and sets the alarm again", async () => {
    const world = await everyMinute();
    await ringAt(world, "2027-01-15T08:59:59.999Z");
    expect(await world.live()).toEqual([]);
    expect(await ring(world)).toBe(true);
  });

  it("derives the same run id from the same occurrence, in time order", async () => {
    const world = await everyMinute({ overlap: "allow_all" });
    loseMessages();
    await ringAt(world, NINE);
    await ringAt(world, "2027-01-15T09:01:00.000Z");
    const [first, second] = await world.live();
    expect(first?.id.slice(0, 13)).toBe(
      Date.parse(NINE)
        .toString(16)
        .padStart(12, "0")
        .replace(/^(.{8})/, "$1-"),
    );
    expect(first && second && first.id < second.id).toBe(true);
  });

  describe("while an earlier run is active", () => {
    const cases = [
      { overlap: "skip", expected: ["09:00:00 queued", "09:01:00 skipped overlap", "09:02:00 skipped overlap"] },
      { overlap: "buffer_one", expected: ["09:00:00 queued", "09:01:00 queued", "09:02:00 skipped buffer_full"] },
      { overlap: "buffer_all", expected: ["09:00:00 queued", "09:01:00 queued", "09:02:00 queued"] },
      { overlap: "cancel_other", expected: ["09:00:00 cancelled", "09:01:00 cancelled", "09:02:00 queued"] },
      { overlap: "allow_all", expected: ["09:00:00 queued", "09:01:00 queued", "09:02:00 queued"] },
    ] as const;
    it.each(cases)("$overlap decides for the next ones", async ({ overlap, expected }) => {
      const world = await everyMinute({ overlap });
      loseMessages();
      for (const minute of ["00", "01", "02"]) await ringAt(world, `2027-01-15T09:${minute}:00.000Z`);
      expect(await ledger(world, 3)).toEqual(expected);
    });

    it("a run that waits for its retry counts as active", async () => {
      setClock("2027-01-15T08:59:30.000Z");
      const world = await makeWorld((make) => [make.fn("work", "status-500")]);
      await world.schedule({ schedule: "* * * * *", fn: "work", retry: { attempts: 1, delay: 600_000 } });
      await ringAt(world, NINE);
      await eventually(
        () => world.live(),
        ([run]) => run?.status === "pending_retry",
      );
      await ringAt(world, "2027-01-15T09:01:00.000Z");
      expect(await ledger(world, 2)).toEqual(["09:00:00 pending_retry", "09:01:00 skipped overlap"]);
    });

    it("a held run starts when the active one ends", async () => {
      const world = await everyMinute({ overlap: "buffer_one" });
      loseMessages();
      await ringAt(world, NINE);
      await ringAt(world, "2027-01-15T09:01:00.000Z");
      vi.restoreAllMocks();
      await ringAt(world, "2027-01-15T09:01:31.000Z");
      expect(
        await eventually(
          () => world.logged(),
          (runs) => runs.length === 2,
        ),
      ).toMatchObject([{ status: "succeeded" }, { status: "succeeded" }]);
    });
  });

  describe("after an outage", () => {
    const cases = [
      { catchup: "latest", expected: ["12:04:00 missed superseded x4", "12:05:00 queued"] },
      { catchup: "none", expected: ["12:04:00 missed superseded", "12:05:00 queued"] },
      {
        catchup: "all",
        expected: ["12:01:00 queued", "12:02:00 queued", "12:03:00 queued", "12:04:00 queued", "12:05:00 queued"],
      },
    ] as const;
    it.each(cases)("catchup $catchup decides about what was missed", async ({ catchup, expected }) => {
      setClock("2027-01-15T12:00:30.000Z");
      const world = await makeWorld();
      await world.schedule({ schedule: "* * * * *", fn: "work", catchup });
      loseMessages();
      await ringAt(world, "2027-01-15T12:05:10.000Z");
      const decisions = await ledger(world, expected.length);
      if (catchup === "none") expect(decisions.at(-1)).toBe("12:05:00 queued");
      else expect(decisions).toEqual(expected);
    });

    it("what is older than the catch-up window is missed, in one row with its count", async () => {
      setClock("2027-01-15T09:00:30.000Z");
      const world = await makeWorld();
      await world.schedule({ schedule: "* * * * *", fn: "work", catchup_window: "10 minutes" });
      loseMessages();
      await ringAt(world, "2027-01-15T12:00:10.000Z");
      expect(await ledger(world, 3)).toEqual([
        "11:50:00 missed catchup_window x170",
        "11:59:00 missed superseded x9",
        "12:00:00 queued",
      ]);
    });

    it("runs a one-time schedule however late", async () => {
      setClock("2027-01-15T08:00:00.000Z");
      const world = await makeWorld();
      const schedule = await world.schedule({ schedule: "in 10 minutes", fn: "work" });
      await ringAt(world, "2027-01-17T08:00:00.000Z");
      await eventually(
        () => world.logged(),
        (runs) => runs.length === 1 && runs[0]?.status === "succeeded",
      );
      expect(unwrap(await world.project.schedule(schedule.id)).state).toBe("completed");
    });

    it("counts a year of seconds in bounded work", async () => {
      setClock("2027-01-15T09:00:30.000Z");
      const world = await makeWorld();
      await world.schedule({ schedule: "* * * * * *", fn: "work" });
      loseMessages();
      await ringAt(world, "2028-01-15T09:00:30.000Z");
      const counts = (
        await eventually(
          () => world.logged(),
          (runs) => runs.length === 2,
        )
      ).map((run) => run.count);
      expect(Math.max(...counts)).toBe(COUNT_LIMIT);
    });
  });

  it("ends a schedule after its last run and names no occurrence beyond", async () => {
    const world = await everyMinute({ max_runs: 2, overlap: "allow_all" });
    loseMessages();
    for (const minute of ["00", "01", "02", "03"]) await ringAt(world, `2027-01-15T09:${minute}:00.000Z`);
    expect(await ledger(world, 2)).toEqual(["09:00:00 queued", "09:01:00 queued"]);
    expect(unwrap(await world.project.schedules({ state: "completed" }, { limit: 10 })).items).toHaveLength(1);
  });

  it("stays inside its bounds", async () => {
    const bounds = { starts_at: "2027-01-15T09:02:00Z", ends_at: "2027-01-15T09:04:00Z", overlap: "allow_all" };
    const world = await everyMinute(bounds);
    loseMessages();
    for (const minute of ["01", "02", "03", "04", "05"]) await ringAt(world, `2027-01-15T09:${minute}:00.000Z`);
    expect(await ledger(world, 2)).toEqual(["09:02:00 queued", "09:03:00 queued"]);
  });

  it("starts a spread occurrence late by its stable offset and keeps the nominal time as its identity", async () => {
    const world = await everyMinute({ spread: "30 seconds" });
    loseMessages();
    const [due] = await sql(world, "SELECT at, nominal FROM due");
    const at = Number(due?.at);
    expect(due?.nominal).toBe(Date.parse(NINE));
    expect(at).toBeGreaterThan(Date.parse(NINE));
    expect(at).toBeLessThan(Date.parse(NINE) + 30_000);
    await ringAt(world, at - 1);
    expect(await world.live()).toEqual([]);
    await ringAt(world, at);
    expect(await world.live()).toMatchObject([{ scheduledFor: Date.parse(NINE), effectiveAt: at }]);
  });

  it("sets a schedule aside that cannot be decided about, and the others go on", async () => {
    const world = await everyMinute();
    const bad = await world.schedule({ schedule: "* * * * *", fn: "work" });
    await sql(world, "UPDATE schedules SET spec = json_set(spec, '$.timezone', 'Mars/Olympus') WHERE id = ?1", bad.id);
    await evict(world);
    await ringAt(world, NINE);
    await eventually(
      () => world.logged(),
      (runs) => runs.length === 1,
    );
    const { state, reason } = unwrap(await world.project.schedule(bad.id));
    expect(state).toBe("quarantined");
    expect(reason).toContain("Mars/Olympus");
  });

  it("drops what is stale in the queue of due times without firing it", async () => {
    const world = await everyMinute();
    const [row] = await sql(world, "SELECT * FROM due");
    await sql(world, "UPDATE due SET generation = generation + 1");
    await ringAt(world, NINE);
    expect(row).toBeDefined();
    expect(await world.live()).toEqual([]);
    expect(await sql(world, "SELECT * FROM due")).toEqual([]);
  });

  it("decides for more than one batch that is due at the same instant", async () => {
    setClock("2027-01-15T08:59:30.000Z");
    const world = await makeWorld();
    unwrap(
      await world.project.saveSchedules(
        Array.from({ length: 250 }, () => ({ schedule: "every day at 9am", fn: "work" })),
      ),
    );
    loseMessages();
    await ringAt(world, NINE);
    expect(await world.live()).toHaveLength(250);
  });
});
