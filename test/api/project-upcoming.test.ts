/** `/v1/projects/{p}/upcoming`. */
import { beforeEach, expect, it } from "vitest";
import { loseMessages, setClock } from "../support/world.ts";
import { expectProblem, makeProjectOwner, type ProjectOwner, schedule } from "./caller.ts";

let owner: ProjectOwner;

beforeEach(async () => {
  loseMessages();
  setClock("2027-01-15T12:00:00Z");
  owner = await makeProjectOwner();
});

const upcoming = async (query = "") => (await owner.call("GET", `${owner.at}/upcoming${query}`)).body;

it("without schedules nothing starts", async () => {
  expect(await upcoming()).toEqual({
    from: "2027-01-15T12:00:00.000Z",
    until: "2027-01-22T12:00:00.000Z",
    timezone: "UTC",
    hours: [],
    minutes: Array.from({ length: 60 }, () => 0),
    crowded: [],
    schedules: [],
    left_out: 0,
    truncated: false,
  });
});

it("each schedule is there with its occurrences, and in its hours by the project's clock", async () => {
  await owner.call("PATCH", `${owner.at}/settings`, { body: { timezone: "Europe/Berlin" } });
  const daily = await schedule(owner, { schedule: "every day at 9:20", timezone: "UTC" });
  const spread = await schedule(owner, {
    schedule: "every day at 20:00",
    timezone: "UTC",
    spread: "10 minutes",
    fn: "work",
  });
  await owner.call("POST", `${owner.at}/schedules/${daily.id}/skips`, { body: {} });
  const body = await upcoming("?days=2");
  expect(body.schedules.map(({ id, count }: { id: string; count: number }) => [id, count])).toEqual([
    [spread.id, 2],
    [daily.id, 1],
  ]);
  expect(body.schedules[1]).toEqual({
    id: daily.id,
    fn: "work",
    description: daily.description,
    occurrences: [{ scheduled_for: "2027-01-17T09:20:00.000Z", local: "2027-01-17T10:20:00+01:00" }],
    count: 1,
    dense: false,
  });
  expect(body.schedules[0].occurrences[0].effective_at).toBe(spread.upcoming[0].effective_at);
  expect(body.hours.at(-1)).toEqual({ at: "2027-01-17T09:00:00.000Z", local: "2027-01-17T10:00:00+01:00", count: 1 });
});

it("of what is paused, or due later, there is nothing", async () => {
  const paused = await schedule(owner);
  await owner.call("PUT", `${owner.at}/schedules/${paused.id}/pause`, { body: {} });
  await schedule(owner, { schedule: "2027-02-15T10:30:00Z" });
  expect((await upcoming()).schedules).toEqual([]);
});

it("a crowded minute names who starts in it, and what comes too often to be counted is said to be left out", async () => {
  const items = [
    ...Array.from({ length: 5 }, () => ({ schedule: "every day at 9:00", fn: "work" })),
    { schedule: "*/2 * 1-23/2 * * *", fn: "work" },
  ];
  await owner.call("POST", `${owner.at}/schedule-batches`, { body: { items } });
  const body = await upcoming("?days=1");
  expect(body.crowded).toEqual([{ minute: 0, count: 5, schedules: expect.any(Array) }]);
  expect(body.crowded[0].schedules[0]).toMatchObject({
    fn: "work",
    description: "every day at 9:00 AM in UTC",
    spread: 0,
  });
  expect(body.left_out).toBe(1);
  expect(body.schedules.filter(({ dense }: { dense: boolean }) => dense)).toMatchObject([{ count: null }]);
});

it("takes 1 to 14 days", async () => {
  for (const days of ["0", "15", "week"]) {
    expectProblem(await owner.call("GET", `${owner.at}/upcoming?days=${days}`), 400, "invalid_request");
  }
});
