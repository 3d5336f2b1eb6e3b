/** `/v1/projects/{p}/schedules` and what is under it. */
import { describe, expect, it } from "vitest";
import { newId } from "../../src/system.ts";
import { setClock } from "../support/world.ts";
import { expectProblem, functionAt, makeProjectOwner, schedule } from "./caller.ts";

const save = { schedule: "every day at 9:00 am", fn: "work" };

describe("saving a schedule", () => {
  it("answers 201 with its id, how the text was understood and the next five occurrences", async () => {
    const owner = await makeProjectOwner();
    const { status, headers, body } = await owner.call("POST", `${owner.at}/schedules`, {
      body: { ...save, timezone: "Europe/Berlin", args: [{ day: 1 }], retry: { attempts: 2, delay: 5000 } },
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      change: "created",
      state: "active",
      origin: "dynamic",
      kind: "calendar",
      cron: ["0 9 * * *"],
      timezone: "Europe/Berlin",
      fn: "work",
      args: [{ day: 1 }],
      retry: { attempts: 2, delay: 5000, backoff: "fixed" },
      overlap: "skip",
      catchup: "latest",
    });
    expect(body.upcoming).toHaveLength(5);
    expect(body.upcoming[0].local).toContain("T09:00:00+");
    expect(headers.get("location")).toBe(`${owner.at}/schedules/${body.id}`);
    const { change: _, upcoming: __, ...shown } = body;
    expect((await owner.call("GET", `${owner.at}/schedules/${body.id}`)).body).toMatchObject(shown);
  });

  it("clamps a retry over the limits and says so in the notes", async () => {
    const owner = await makeProjectOwner();
    const saved = await schedule(owner, { retry: { attempts: 99, delay: 99_999_999 } });
    expect(saved.retry).toMatchObject({ attempts: 10, delay: 3_600_000 });
    expect(saved.notes).toHaveLength(2);
  });

  it("shows the start beside the nominal time where spread moves it", async () => {
    const owner = await makeProjectOwner();
    const saved = await schedule(owner, { spread: "10 minutes" });
    for (const { scheduled_for, effective_at } of saved.upcoming) {
      const moved = Date.parse(effective_at) - Date.parse(scheduled_for);
      expect(moved).toBeGreaterThanOrEqual(0);
      expect(moved).toBeLessThan(600_000);
    }
  });

  it("names no occurrence outside its bounds", async () => {
    const owner = await makeProjectOwner();
    const bounds = { starts_at: "2099-01-01T00:00:00Z", ends_at: "2099-01-03T00:00:00Z" };
    const saved = await schedule(owner, bounds);
    expect(saved.upcoming.map((one: { scheduled_for: string }) => one.scheduled_for)).toEqual([
      "2099-01-01T09:00:00.000Z",
      "2099-01-02T09:00:00.000Z",
    ]);
  });

  it("shows no more occurrences than the maximum of runs", async () => {
    const owner = await makeProjectOwner();
    expect((await schedule(owner, { max_runs: 2 })).upcoming).toHaveLength(2);
  });

  it("changes the schedule of its key instead of making another, and says which it did", async () => {
    const owner = await makeProjectOwner();
    const put = (more: object) =>
      owner.call("POST", `${owner.at}/schedules`, { body: { ...save, key: "daily", ...more } });
    const first = await put({});
    const same = await put({});
    const changed = await put({ schedule: "every day at 10:00 am" });
    expect([first.status, same.status, changed.status]).toEqual([201, 200, 200]);
    expect([first, same, changed].map(({ body }) => body.change)).toEqual(["created", "unchanged", "updated"]);
    expect(new Set([first, same, changed].map(({ body }) => body.id)).size).toBe(1);
    expect(changed.body.cron).toEqual(["0 10 * * *"]);
  });

  it("happens once under an idempotency key, and answers the same status and body again", async () => {
    const owner = await makeProjectOwner();
    const call = { body: save, headers: { "idempotency-key": "once" } };
    const first = await owner.call("POST", `${owner.at}/schedules`, call);
    const again = await owner.call("POST", `${owner.at}/schedules`, call);
    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect((await owner.call("GET", `${owner.at}/schedules`)).body.items).toHaveLength(1);
    const other = await owner.call("POST", `${owner.at}/schedules`, { ...call, body: { ...save, retry: 1 } });
    expectProblem(other, 422, "idempotency_key_reused");
  });

  it("may mend a refused request and use the same key again", async () => {
    const owner = await makeProjectOwner();
    const headers = { "idempotency-key": "mended" };
    const refused = await owner.call("POST", `${owner.at}/schedules`, { body: { ...save, schedule: "nope" }, headers });
    expectProblem(refused, 422, "invalid_input");
    expect((await owner.call("POST", `${owner.at}/schedules`, { body: save, headers })).status).toBe(201);
  });
});

describe("the list of schedules", () => {
  it("pages through all of them once, and filters by state, function and origin", async () => {
    const owner = await makeProjectOwner([functionAt("work"), functionAt("own", "ok", { schedule: "every hour" })]);
    const made = [];
    for (let count = 0; count < 3; count++) made.push((await schedule(owner)).id);
    const ids: string[] = [];
    for (let cursor = ""; ; ) {
      const { body } = await owner.call("GET", `${owner.at}/schedules?limit=1&origin=dynamic${cursor}`);
      ids.push(...body.items.map(({ id }: { id: string }) => id));
      if (body.next_cursor === null) break;
      cursor = `&cursor=${body.next_cursor}`;
    }
    expect(ids).toEqual(made);
    expect((await owner.call("GET", `${owner.at}/schedules?fn=own`)).body.items).toHaveLength(1);
    expect((await owner.call("GET", `${owner.at}/schedules?state=paused`)).body.items).toEqual([]);
    await owner.call("PUT", `${owner.at}/schedules/${made[1]}/pause`, {});
    await owner.call("DELETE", `${owner.at}/schedules/${made[0]}`);
    const living = (await owner.call("GET", `${owner.at}/schedules?state=living&origin=dynamic`)).body.items;
    expect(living.map(({ id }: { id: string }) => id)).toEqual(made.slice(1));
  });

  it("takes no cursor that it did not give out itself", async () => {
    const [owner, other] = [await makeProjectOwner(), await makeProjectOwner()];
    await schedule(owner);
    await schedule(owner);
    const cursor = (await owner.call("GET", `${owner.at}/schedules?limit=1`)).body.next_cursor;
    const foreign = [
      `${other.at}/schedules?cursor=${cursor}`,
      `${other.at}/runs?cursor=${cursor}`,
      `${other.at}/schedules?state=paused&cursor=${cursor}`,
      `${other.at}/schedules?cursor=AAAA`,
      `${other.at}/schedules?cursor=%00%ff`,
      `${other.at}/schedules?cursor=${"a".repeat(9_999)}`,
    ];
    for (const path of foreign) expectProblem(await other.call("GET", path), 400, "invalid_cursor");
  });
});

describe("cancelling", () => {
  it("ends every schedule of a function, and counts them first when asked to", async () => {
    const owner = await makeProjectOwner([functionAt("work"), functionAt("other")]);
    await schedule(owner);
    await schedule(owner);
    const kept = await schedule(owner, { fn: "other" });
    const dry = await owner.call("DELETE", `${owner.at}/schedules?fn=work&dry_run=true`);
    expect(dry.body).toEqual({ cancelled: 2, dry_run: true });
    const done = await owner.call("DELETE", `${owner.at}/schedules?fn=work`);
    expect(done.body).toEqual({ cancelled: 2, dry_run: false });
    const active = await owner.call("GET", `${owner.at}/schedules?state=active`);
    expect(active.body.items.map(({ id }: { id: string }) => id)).toEqual([kept.id]);
  });

  it("needs the function's name: nothing cancels everything by omission", async () => {
    const owner = await makeProjectOwner();
    await schedule(owner);
    expectProblem(await owner.call("DELETE", `${owner.at}/schedules`), 400, "invalid_request");
    expect((await owner.call("GET", `${owner.at}/schedules?state=active`)).body.items).toHaveLength(1);
  });

  it("answers the cancelled schedule, with nothing upcoming, and the same when asked again", async () => {
    const owner = await makeProjectOwner();
    const { id } = await schedule(owner);
    const cancelled = await owner.call("DELETE", `${owner.at}/schedules/${id}`);
    expect(cancelled.body).toMatchObject({ id, state: "cancelled", upcoming: [] });
    expect((await owner.call("DELETE", `${owner.at}/schedules/${id}`)).body).toEqual(cancelled.body);
  });
});

describe("changing a schedule", () => {
  it("merges: what is not named stays, null goes back to the default", async () => {
    const owner = await makeProjectOwner();
    const saved = await schedule(owner, { retry: 3, overlap: "allow_all" });
    const { status, body } = await owner.call("PATCH", `${owner.at}/schedules/${saved.id}`, {
      body: { retry: null, schedule: "every Monday at 2 PM" },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: saved.id, overlap: "allow_all", cron: ["0 14 * * MON"], retry: { attempts: 0 } });
  });

  it("refuses with 412 when somebody changed it since it was read", async () => {
    const owner = await makeProjectOwner();
    const { id } = await schedule(owner);
    const path = `${owner.at}/schedules/${id}`;
    const etag = (await owner.call("GET", path)).headers.get("etag") ?? "";
    setClock(Date.now() + 1_000);
    const first = await owner.call("PATCH", path, { body: { retry: 1 }, headers: { "if-match": etag } });
    expect(first.status).toBe(200);
    const late = await owner.call("PATCH", path, { body: { retry: 2 }, headers: { "if-match": etag } });
    expectProblem(late, 412, "precondition_failed");
    expectProblem(
      await owner.call("PATCH", path, { body: {}, headers: { "if-match": '"x"' } }),
      412,
      "precondition_failed",
    );
    expect((await owner.call("GET", path)).body.retry.attempts).toBe(1);
    const fresh = first.headers.get("etag") ?? "";
    expect((await owner.call("PATCH", path, { body: { retry: 4 }, headers: { "if-match": fresh } })).status).toBe(200);
  });

  it("refuses a change of one that has ended", async () => {
    const owner = await makeProjectOwner();
    const { id } = await schedule(owner);
    const { headers } = await owner.call("DELETE", `${owner.at}/schedules/${id}`);
    const etag = headers.get("etag") ?? "";
    const answer = await owner.call("PATCH", `${owner.at}/schedules/${id}`, {
      body: { retry: 1 },
      headers: { "if-match": etag },
    });
    expectProblem(answer, 409, "conflict");
  });
});

describe("pausing, skipping, looking ahead", () => {
  it("pauses with a reason, shows nothing upcoming, and resumes", async () => {
    const owner = await makeProjectOwner();
    const { id } = await schedule(owner);
    const path = `${owner.at}/schedules/${id}`;
    const paused = await owner.call("PUT", `${path}/pause`, { body: { reason: "moving" } });
    expect(paused.body).toMatchObject({ state: "paused", reason: "moving", upcoming: [] });
    expect((await owner.call("GET", `${path}/upcoming`)).body.items).toEqual([]);
    const resumed = await owner.call("DELETE", `${path}/pause`);
    expect(resumed.body).toMatchObject({ state: "active", reason: null });
    expect(resumed.body.upcoming).toHaveLength(5);
  });

  it("pauses without a body", async () => {
    const owner = await makeProjectOwner();
    const { id } = await schedule(owner);
    expect((await owner.call("PUT", `${owner.at}/schedules/${id}/pause`)).body).toMatchObject({ state: "paused" });
  });

  it("skips the next occurrence, then the one after, and no longer announces them", async () => {
    const owner = await makeProjectOwner();
    const { id, upcoming } = await schedule(owner);
    const path = `${owner.at}/schedules/${id}`;
    const first = await owner.call("POST", `${path}/skips`);
    const second = await owner.call("POST", `${path}/skips`);
    expect([first.body.skipped, second.body.skipped]).toEqual([upcoming[0].scheduled_for, upcoming[1].scheduled_for]);
    const shown = (await owner.call("GET", path)).body;
    expect(shown.skips).toEqual([upcoming[0].scheduled_for, upcoming[1].scheduled_for]);
    expect(shown.upcoming[0]).toEqual(upcoming[2]);
    expect(shown.upcoming).toHaveLength(5);
  });

  it("lists up to a hundred occurrences to come", async () => {
    const owner = await makeProjectOwner();
    const { id } = await schedule(owner);
    const path = `${owner.at}/schedules/${id}/upcoming`;
    expect((await owner.call("GET", `${path}?count=100`)).body.items).toHaveLength(100);
    expectProblem(await owner.call("GET", `${path}?count=0`), 400, "invalid_request");
    expectProblem(await owner.call("GET", `${path}?count=many`), 400, "invalid_request");
  });
});

describe("a batch of schedules", () => {
  it("saves the right ones and answers each wrong one with its own problem", async () => {
    const owner = await makeProjectOwner();
    const { status, body } = await owner.call("POST", `${owner.at}/schedule-batches`, {
      body: {
        items: [save, { ...save, schedule: "nope" }, { ...save, retyr: 3 }, { ...save, schedule: "in 10 minutes" }],
      },
    });
    expect(status).toBe(200);
    expect(body.items.map((item: { status: number }) => item.status)).toEqual([201, 422, 422, 201]);
    expect(body.items[1].problem.errors[0]).toMatchObject({ path: "/schedule" });
    expect(body.items[2].problem.errors[0]).toMatchObject({ path: "/retyr", suggestion: "retry" });
    expect(body.items[3].schedule.kind).toBe("once");
    expect((await owner.call("GET", `${owner.at}/schedules`)).body.items).toHaveLength(2);
  });

  it("takes a thousand at once, and no more", async () => {
    const owner = await makeProjectOwner();
    const items = Array.from({ length: 1_000 }, (_, index) => ({ ...save, args: { index } }));
    const answer = await owner.call("POST", `${owner.at}/schedule-batches`, { body: { items } });
    expect(answer.status).toBe(200);
    expect(answer.body.items).toHaveLength(1_000);
    const more = await owner.call("POST", `${owner.at}/schedule-batches`, { body: { items: [...items, save] } });
    expectProblem(more, 422, "invalid_input");
    expectProblem(
      await owner.call("POST", `${owner.at}/schedule-batches`, { body: { items: [] } }),
      422,
      "invalid_input",
    );
  });
});

describe("a backfill", () => {
  it("makes one run for each occurrence of a range in the past", async () => {
    const owner = await makeProjectOwner();
    const { id } = await schedule(owner);
    const path = `${owner.at}/schedules/${id}/backfills`;
    const body = { from: "2026-11-01T00:00:00Z", to: "2026-11-04T00:00:00Z" };
    const made = await owner.call("POST", path, { body });
    expect(made.status).toBe(201);
    expect(made.body.occurrences).toBe(3);
    expectProblem(
      await owner.call("POST", path, { body: { ...body, to: "2099-01-01T00:00:00Z" } }),
      422,
      "invalid_input",
    );
    expectProblem(await owner.call("POST", path, { body: { ...body, from: "yesterday" } }), 422, "invalid_input");
  });
});

it("a schedule of another project, or none at all, is not found", async () => {
  const [owner, outsider] = [await makeProjectOwner(), await makeProjectOwner()];
  const { id } = await schedule(owner);
  for (const path of [
    `${outsider.at}/schedules/${id}`,
    `${owner.at}/schedules/${newId()}`,
    `${owner.at}/schedules/x`,
  ]) {
    const caller = path.startsWith(outsider.at) ? outsider : owner;
    expectProblem(await caller.call("GET", path), 404, "not_found");
    expectProblem(await caller.call("PATCH", path, { body: { retry: 1 } }), 404, "not_found");
    expectProblem(await caller.call("DELETE", path), 404, "not_found");
    expectProblem(await caller.call("PUT", `${path}/pause`), 404, "not_found");
    expectProblem(await caller.call("POST", `${path}/runs`), 404, "not_found");
  }
});

it("the list of schedules shows the latest runs of each when they are asked for", async () => {
  const owner = await makeProjectOwner();
  expect((await owner.call("POST", `${owner.at}/schedules`, { body: { schedule: "every day at 9am" } })).status).toBe(
    201,
  );
  const [schedule] = (await owner.call("GET", `${owner.at}/schedules`)).body.items;
  expect(schedule).not.toHaveProperty("latest_runs");
  const [listed] = (await owner.call("GET", `${owner.at}/schedules?latest_runs=5`)).body.items;
  expect(listed.latest_runs).toEqual([]);
  expect((await owner.call("GET", `${owner.at}/schedules?latest_runs=11`)).status).toBe(400);
});
