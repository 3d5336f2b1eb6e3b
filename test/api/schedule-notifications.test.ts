/** The notifications of a schedule, as the API takes and shows them. */
import { beforeEach, describe, expect, it } from "vitest";
import { NOTIFICATIONS_MAX } from "../../src/domain/notification.ts";
import { type Answered, expectProblem, makeProjectOwner } from "./caller.ts";

type ProjectOwner = Awaited<ReturnType<typeof makeProjectOwner>>;
const PNG = { capture: "png" };
const DEFAULTS = {
  ...{ on: "success", attempts: "last", capture: "none" },
  ...{ users: [], groups: [], slack_channels: [], webhooks: [] },
  ...{ subject: null, body: null },
};

let owner: ProjectOwner;
beforeEach(async () => {
  owner = await makeProjectOwner();
});

const save = (more: object, of = owner): Promise<Answered> =>
  of.call("POST", `${of.at}/schedules`, { body: { schedule: "every 7 hours", fn: "work", ...more } });

describe("the notifications of a schedule", () => {
  it("are shown with their defaults", async () => {
    const { status, body } = await save({ notifications: [PNG, { on: "both", capture: "pdf" }] });
    const shown = [
      { ...DEFAULTS, capture: "png" },
      { ...DEFAULTS, on: "both", capture: "pdf" },
    ];
    expect([status, body.notifications]).toEqual([201, shown]);
    expect((await owner.call("GET", `${owner.at}/schedules/${body.id}`)).body.notifications).toEqual(shown);
  });

  it("can be written back as they were read", async () => {
    const { body } = await save({ notifications: [PNG] });
    const { status } = await owner.call("PATCH", `${owner.at}/schedules/${body.id}`, {
      body: { notifications: body.notifications },
    });
    expect(status).toBe(200);
  });

  it("are none where none were given", async () => {
    expect((await save({})).body.notifications).toEqual([]);
  });

  it("change without moving an occurrence, also of a grid that began when it was saved", async () => {
    const saved = (await save({})).body;
    const at = `${owner.at}/schedules/${saved.id}`;
    const changed = (await owner.call("PATCH", at, { body: { notifications: [PNG] } })).body;
    expect(changed.notifications).toEqual([{ ...DEFAULTS, capture: "png" }]);
    expect([changed.upcoming, changed.anchor]).toEqual([saved.upcoming, saved.anchor]);
    const renamed = (await owner.call("PATCH", at, { body: { max_runs: 5 } })).body;
    expect(renamed.notifications).toEqual(changed.notifications);
    const without = (await owner.call("PATCH", at, { body: { notifications: null } })).body;
    expect([without.notifications, without.upcoming]).toEqual([[], saved.upcoming.slice(0, 5)]);
  });

  it("change with the schedule of a key, which is the same schedule and stays where it was", async () => {
    const saved = (await save({ key: "weekly" })).body;
    const { status, body } = await save({ key: "weekly", notifications: [PNG] });
    expect([status, body.id, body.upcoming]).toEqual([200, saved.id, saved.upcoming]);
    expect(body.notifications).toEqual([{ ...DEFAULTS, capture: "png" }]);
  });

  it("come with a batch and with an event alike", async () => {
    const one = { schedule: "every day at 9am", fn: "work", notifications: [PNG] };
    const batch = await owner.call("POST", `${owner.at}/schedule-batches`, { body: { items: [one] } });
    expect(batch.body.items[0].schedule.notifications).toEqual([{ ...DEFAULTS, capture: "png" }]);
    const event = { event: "hot:schedule:new", data: one };
    const made = await owner.call("POST", `${owner.at}/events`, { body: event });
    expect(made.status).toBeLessThan(300);
    const { items } = (await owner.call("GET", `${owner.at}/schedules`)).body;
    expect(items.map(({ notifications }: { notifications: unknown[] }) => notifications.length)).toEqual([1, 1]);
  });

  it.each([
    ["that would do nothing", [{}], "/notifications/0"],
    ["that would capture a failure", [PNG, { on: "failure", capture: "pdf" }], "/notifications/1/capture"],
    ["of a capture that there is not", [{ capture: "gif" }], "/notifications/0/capture"],
    ["of an event that there is not", [{ on: "start", capture: "png" }], "/notifications/0/on"],
    ["with a field that there is not", [{ capture: "png", to: [] }], "/notifications/0/to"],
    ["to a user who has no id", [{ users: ["ada"] }], "/notifications/0/users/0"],
    ["to a Slack channel by its name", [{ slack_channels: ["#reports"] }], "/notifications/0/slack_channels/0"],
    ["with a subject of two lines", [{ ...PNG, subject: "a\nb" }], "/notifications/0/subject"],
    ["with a text that is too long", [{ ...PNG, body: "x".repeat(2_001) }], "/notifications/0/body"],
    ["of successes at every attempt", [{ ...PNG, attempts: "every" }], "/notifications/0/attempts"],
    ["of more than there may be", Array.from({ length: NOTIFICATIONS_MAX + 1 }, () => PNG), "/notifications"],
    ["that are no list", PNG, "/notifications"],
  ])("are refused %s, and nothing is saved", async (_, notifications, path) => {
    const answered = await save({ notifications });
    expectProblem(answered, 422, "invalid_input");
    expect(answered.body.errors.map((error: { path: string }) => error.path)).toContain(path);
    expect((await owner.call("GET", `${owner.at}/schedules`)).body.items).toEqual([]);
  });
});
