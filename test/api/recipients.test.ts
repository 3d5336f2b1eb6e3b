/** Saving notifications: who cannot be named refuses it, who has no access is given it; through every door alike. */
import { env, exports } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { reachProject } from "../../src/actor/reach.ts";
import type { RunHandProps } from "../../src/api/run-hand.ts";
import { newId } from "../../src/system.ts";
import { takeQueue } from "../support/hand-queue.ts";
import { GENERAL, makeRecipientsTeam, type RecipientsTeam } from "../support/recipients-team.ts";
import { eventually, loseMessages, unwrap } from "../support/world.ts";
import { type Answered, auditOf, call, expectProblem, functionAt, give, makeMember } from "./caller.ts";

beforeEach(() => {
  for (const level of ["warn", "error"] as const) vi.spyOn(console, level).mockImplementation(() => {});
  loseMessages();
  takeQueue();
});

const DAILY = { schedule: "every day at 9am", fn: "work" };

/** What a door made of notifications that were sent through it. */
interface Through {
  readonly isSaved: boolean;
  /** Where it says that something is wrong, or all that it says where it names no places. */
  readonly wrong: string;
}

type Door = (team: RecipientsTeam, notifications: readonly object[]) => Promise<Through>;

const through = ({ status, body }: Answered): Through => ({
  isSaved: status < 300,
  wrong: (body.errors ?? []).map(({ path }: { path: string }) => path).join(" "),
});

/** Every door that takes notifications. */
const DOORS: Readonly<Record<string, Door>> = {
  "POST /schedules": async ({ ada, at }, notifications) =>
    through(await ada.call("POST", `${at}/schedules`, { body: { ...DAILY, notifications } })),
  "PATCH /schedules/{s}": async ({ ada, at, save }, notifications) => {
    const { id } = await save([{ capture: "png" }]);
    return through(await ada.call("PATCH", `${at}/schedules/${id}`, { body: { notifications } }));
  },
  "POST /schedule-batches": async ({ ada, at }, notifications) => {
    const items = [DAILY, { ...DAILY, notifications }];
    const { body } = await ada.call("POST", `${at}/schedule-batches`, { body: { items } });
    const [other, ours] = body.items;
    expect(other.status).toBe(201);
    return through({ ...ours, body: ours.problem ?? {} });
  },
  "POST /events": async ({ ada, at }, notifications) => {
    const body = { event: "hot:schedule:new", data: { ...DAILY, notifications } };
    return through(await ada.call("POST", `${at}/events`, { body }));
  },
  "POST /runs": async ({ ada, at }, notifications) =>
    through(await ada.call("POST", `${at}/runs`, { body: { fn: "work", notifications } })),
  "the hand of a run": async ({ scope }, notifications) => {
    const project = reachProject(env, scope);
    const run = unwrap(await project.startRun({ fn: "work", context: "api-triggered" }));
    await project.begin([{ schedule: null, run: run.id }]);
    const props: RunHandProps = { workspace: scope.workspaceId, project: scope.projectId, run: run.id, fn: "work" };
    const sent = await exports.RunHand({ props }).send("hot:schedule:new", { ...DAILY, notifications });
    await project.cancelRun(run.id);
    return {
      isSaved: sent.ok,
      wrong: sent.ok
        ? ""
        : sent.message.replaceAll(/\b(notifications[.\w]+)/g, (place) => `/${place.replaceAll(".", "/")}`),
    };
  },
  "POST /versions": async ({ ada, at }, notifications) => {
    const functions = [functionAt("plain"), functionAt("report", "ok", { schedule: DAILY.schedule, notifications })];
    const { status, body } = await ada.call("POST", `${at}/versions`, { body: { functions } });
    const wrong = through({ status, headers: new Headers(), body });
    if (!wrong.isSaved) return { ...wrong, wrong: wrong.wrong.replaceAll("/functions/1", "") };
    return through(await ada.call("PUT", `${at}/published`, { body: { version: body.version } }));
  },
};

const stateOf = async ({ ada, at, grants, granted }: RecipientsTeam) => ({
  versions: (await ada.call("GET", `${at}/versions`)).body.items.length,
  told: (await ada.call("GET", `${at}/schedules`)).body.items.filter(
    ({ notifications }: { notifications: { users: string[]; groups: string[] }[] }) =>
      notifications.some(({ users, groups }) => users.length + groups.length > 0),
  ),
  grants: await grants(),
  granted: await granted(),
});

describe.each(Object.entries(DOORS))("%s", (name, door) => {
  let team: RecipientsTeam;
  beforeAll(async () => {
    team = await makeRecipientsTeam();
  });

  it.each([
    ["a member that there is not", () => ({ users: [team.bob.id, newId()] }), "/users/1"],
    ["a group that there is not", () => ({ users: [team.bob.id], groups: [newId()] }), "/groups/0"],
    ["an endpoint that there is not", () => ({ users: [team.bob.id], webhooks: [newId()] }), "/webhooks/0"],
    ["a channel without Slack", () => ({ users: [team.bob.id], slack_channels: [GENERAL] }), "/slack_channels/0"],
  ])("refuses %s at its place; nothing is saved, and nobody is given anything", async (_, recipients, place) => {
    const before = await stateOf(team);
    const { isSaved, wrong } = await door(team, [{ capture: "png" }, recipients()]);
    expect(isSaved, wrong).toBe(false);
    expect(wrong).toContain(`/notifications/1${place}`);
    expect(await stateOf(team)).toEqual(before);
    expect(name).not.toBe("");
  });

  it("refuses whom another workspace has, as if they were nobody", async () => {
    const other = await makeRecipientsTeam();
    const { isSaved, wrong } = await door(team, [{ users: [other.bob.id], groups: [await other.group()] }]);
    expect([isSaved, wrong]).toEqual([false, expect.stringContaining("/notifications/0/users/0")]);
    expect(wrong).toContain("/notifications/0/groups/0");
    expect(await other.granted()).toEqual([]);
  });

  it("gives those whom it saves access to the app, and the audit has each, once", async () => {
    const eve = await makeMember(team.ada.scope, "viewer", { name: "eve" });
    const group = await team.group(eve);
    const { isSaved, wrong } = await door(team, [{ users: [team.bob.id, team.ada.id], groups: [group] }]);
    expect(isSaved, wrong).toBe(true);
    expect(await team.grants()).toMatchObject({ [`user/${team.bob.id}`]: "app_only", [`group/${group}`]: "app_only" });
    expect(await team.granted()).toEqual([`user/${team.bob.id}`, `group/${group}`]);
    await door(team, [{ users: [team.bob.id], groups: [group] }]);
    expect(await team.granted()).toHaveLength(2);
    const app = await eve.call("GET", `${team.at}/app`);
    expect(app.status, JSON.stringify(app.body)).not.toBe(404);
  });
});

describe("access that is given to recipients", () => {
  it("lowers nobody's, and raises what was taken away by name", async () => {
    const { ada, bob, at, save, grants, granted } = await makeRecipientsTeam();
    const eve = await makeMember(ada.scope, "editor");
    await give(ada, at, { user: bob.id }, "can_edit");
    await give(ada, at, { user: eve.id }, "none");
    await save([{ users: [bob.id, eve.id, ada.id] }]);
    const [, byBob, byEve] = [ada, bob, eve].map(({ id }) => `user/${id}`);
    expect(await grants()).toMatchObject({ [`${byBob}`]: "can_edit", [`${byEve}`]: "app_only" });
    expect(await granted()).toEqual([byEve]);
  });

  it("is in the audit with whoever saved it, the project, and what was given", async () => {
    const { ada, bob, at, save } = await makeRecipientsTeam();
    await save([{ users: [bob.id] }]);
    const [entry] = await auditOf(ada.scope, "access.granted_automatically");
    expect(entry).toMatchObject({
      doer_kind: "token",
      doer_name: expect.stringContaining(ada.email),
      target_kind: "project",
      target_name: "Reports",
    });
    expect(entry?.project_id).toBe(at.split("/").at(-1));
    expect(JSON.parse(entry?.detail ?? "null")).toEqual({ grantee: { kind: "user", id: bob.id }, access: "app_only" });
  });

  it("is seen by its owner at once, who could not see the project before", async () => {
    const { bob, at, save } = await makeRecipientsTeam();
    expect((await bob.call("GET", at)).status).toBe(404);
    await save([{ users: [bob.id] }]);
    expect((await bob.call("GET", at)).status).toBe(200);
    expectProblem(await bob.call("GET", `${at}/schedules`), 403, "forbidden");
  });

  it("is given once though the request comes twice under its key", async () => {
    const { ada, bob, at, granted } = await makeRecipientsTeam();
    const headers = { "idempotency-key": newId() };
    const body = { ...DAILY, notifications: [{ users: [bob.id] }] };
    const [first, second] = [
      await ada.call("POST", `${at}/schedules`, { body, headers }),
      await ada.call("POST", `${at}/schedules`, { body, headers }),
    ];
    expect([first.status, second.status, second.body]).toEqual([201, 201, first.body]);
    expect(await granted()).toHaveLength(1);
    const items = [{ ...DAILY, notifications: [{ users: [bob.id] }] }];
    const key = { "idempotency-key": newId() };
    await ada.call("POST", `${at}/schedule-batches`, { body: { items }, headers: key });
    await ada.call("POST", `${at}/schedule-batches`, { body: { items }, headers: key });
    expect(await granted()).toHaveLength(1);
  });

  it.each([
    [
      "a PATCH",
      async ({ ada, at, save }: RecipientsTeam, notifications: readonly object[]) => {
        const { id } = await save([...notifications]);
        return () => ada.call("PATCH", `${at}/schedules/${id}`, { body: { notifications } });
      },
    ],
    [
      "an upsert by key",
      async ({ ada, at }: RecipientsTeam, notifications: readonly object[]) => {
        const key = newId();
        let minutes = 0;
        const upsert = () => {
          minutes += 1;
          const schedule = `every day at 9:${String(minutes).padStart(2, "0")}am`;
          return ada.call("POST", `${at}/schedules`, { body: { ...DAILY, schedule, key, notifications } });
        };
        await upsert();
        return upsert;
      },
    ],
    [
      "publishing the version once more",
      async ({ ada, at }: RecipientsTeam, notifications: readonly object[]) => {
        const functions = [functionAt("report", "ok", { schedule: DAILY.schedule, notifications })];
        const { body } = await ada.call("POST", `${at}/versions`, { body: { functions } });
        const publish = () => ada.call("PUT", `${at}/published`, { body: { version: body.version } });
        await publish();
        return publish;
      },
    ],
  ])("is not given back by %s that names whom it named before", async (_, doing) => {
    const team = await makeRecipientsTeam();
    const { ada, bob, at, grants, granted } = team;
    const again = await doing(team, [{ users: [bob.id] }]);
    expect(await granted()).toHaveLength(1);
    await give(ada, at, { user: bob.id }, "none");
    const { status, body } = await again();
    expect(status, JSON.stringify(body)).toBe(200);
    expect((await grants())[`user/${bob.id}`] ?? "none").toBe("none");
    expect(await granted()).toHaveLength(1);
  });

  it("that a crash kept from being given is given when the save comes again under its key", async () => {
    const { ada, bob, at, grants } = await makeRecipientsTeam();
    const headers = { "idempotency-key": newId() };
    const body = { ...DAILY, notifications: [{ users: [bob.id] }] };
    await ada.call("POST", `${at}/schedules`, { body, headers });
    await env.DIRECTORY.prepare("DELETE FROM grants WHERE grantee_id = ?1").bind(bob.id).run();
    await ada.call("POST", `${at}/schedules`, { body, headers });
    expect((await grants())[`user/${bob.id}`]).toBe("app_only");
  });

  it("is given by no save that was refused for another reason", async () => {
    const { ada, bob, at, save, granted } = await makeRecipientsTeam();
    const notifications = [{ users: [bob.id] }];
    const unpublished = await ada.call("POST", `${at}/schedules`, { body: { ...DAILY, fn: "nothing", notifications } });
    expect(unpublished.status).toBeGreaterThanOrEqual(400);
    const { id } = await save([{ capture: "png" }]);
    const stale = { "if-match": '"1-1"' };
    const late = await ada.call("PATCH", `${at}/schedules/${id}`, { body: { notifications }, headers: stale });
    expect(late.status).toBeGreaterThanOrEqual(400);
    expect((await ada.call("PATCH", `${at}/schedules/${newId()}`, { body: { notifications } })).status).toBe(404);
    expect(await granted()).toEqual([]);
  });

  it("is not given by a look at what publishing would do", async () => {
    const { ada, bob, at, granted } = await makeRecipientsTeam();
    const functions = [functionAt("report", "ok", { schedule: DAILY.schedule, notifications: [{ users: [bob.id] }] })];
    await ada.call("POST", `${at}/versions`, { body: { functions } });
    await ada.call("PUT", `${at}/published?dry_run=true`, { body: { version: 2 } });
    expect(await granted()).toEqual([]);
    await ada.call("PUT", `${at}/published`, { body: { version: 2 } });
    expect(await granted()).toEqual([`user/${bob.id}`]);
  });

  it("is the system's act when code asks for it", async () => {
    const team = await makeRecipientsTeam();
    await DOORS["the hand of a run"]?.(team, [{ users: [team.bob.id] }]);
    const [entry] = await eventually(
      () => auditOf(team.ada.scope, "access.granted_automatically"),
      (entries) => entries.length > 0,
    );
    expect(entry).toMatchObject({ doer_kind: "system", target_kind: "project" });
  });
});

describe("a member who was deactivated", () => {
  it("cannot be named any more; what names them already can be read, changed and published again", async () => {
    const { ada, bob, at, save, granted } = await makeRecipientsTeam();
    const functions = [functionAt("report", "ok", { schedule: DAILY.schedule, notifications: [{ users: [bob.id] }] })];
    await ada.call("POST", `${at}/versions`, { body: { functions: [functionAt("work"), ...functions] } });
    const { id } = await save([{ users: [bob.id] }]);
    await ada.call("DELETE", `/v1/members/${bob.id}`);
    const count = (await granted()).length;
    const refused = await ada.call("POST", `${at}/schedules`, {
      body: { ...DAILY, notifications: [{ users: [bob.id] }] },
    });
    expectProblem(refused, 422, "invalid_input");
    expect(refused.body.errors).toMatchObject([{ path: "/notifications/0/users/0" }]);
    const changed = await ada.call("PATCH", `${at}/schedules/${id}`, { body: { max_runs: 3 } });
    expect([changed.status, changed.body.notifications[0].users]).toEqual([200, [bob.id]]);
    expect((await ada.call("PUT", `${at}/published`, { body: { version: 2 } })).status).toBe(200);
    expect(await granted()).toHaveLength(count);
  });
});

describe("a key that was used when a recipient could not be named", () => {
  it("does for the same request once they can be", async () => {
    const { ada, bob, at } = await makeRecipientsTeam();
    await ada.call("DELETE", `/v1/members/${bob.id}`);
    const headers = { "idempotency-key": newId() };
    const body = { ...DAILY, notifications: [{ users: [bob.id] }] };
    expectProblem(await ada.call("POST", `${at}/schedules`, { body, headers }), 422, "invalid_input");
    await env.DIRECTORY.prepare("UPDATE members SET state = 'active', deactivated_at = NULL WHERE id = ?1")
      .bind(bob.id)
      .run();
    const again = await ada.call("POST", `${at}/schedules`, { body, headers });
    expect(again.status, JSON.stringify(again.body)).toBe(201);
  });
});

describe("a key that made a schedule", () => {
  it("answers as before, though its recipient cannot be named any more", async () => {
    const { ada, bob, at, granted } = await makeRecipientsTeam();
    const headers = { "idempotency-key": newId() };
    const body = { ...DAILY, notifications: [{ users: [bob.id] }] };
    const first = await ada.call("POST", `${at}/schedules`, { body, headers });
    await ada.call("DELETE", `/v1/members/${bob.id}`);
    const again = await ada.call("POST", `${at}/schedules`, { body, headers });
    expect([again.status, again.body], JSON.stringify(again.body)).toEqual([201, first.body]);
    expect(await granted()).toHaveLength(1);
  });
});

describe("a Slack channel", () => {
  it("is refused by a plan without Slack, through every door that has one answer", async () => {
    const small = await makeRecipientsTeam("professional");
    const body = { ...DAILY, notifications: [{ slack_channels: [GENERAL] }] };
    const refused = await small.ada.call("POST", `${small.at}/schedules`, { body });
    expectProblem(refused, 403, "limit_reached");
    expect(refused.body).toMatchObject({ limit: "slack", plan: "team" });
    const run = { fn: "work", notifications: body.notifications };
    expectProblem(await small.ada.call("POST", `${small.at}/runs`, { body: run }), 403, "limit_reached");
    const functions = [functionAt("work", "ok", { schedule: DAILY.schedule, notifications: body.notifications })];
    const version = await small.ada.call("POST", `${small.at}/versions`, { body: { functions } });
    expectProblem(version, 403, "limit_reached");
  });

  it("is documented as a refusal of the plan where it can be one", async () => {
    const { body } = await call("GET", "/openapi.json");
    for (const [path, method] of [
      ["/v1/projects/{p}/schedules", "post"],
      ["/v1/projects/{p}/schedules/{s}", "patch"],
      ["/v1/projects/{p}/runs", "post"],
      ["/v1/projects/{p}/versions", "post"],
      ["/v1/projects/{p}/events", "post"],
    ] as const)
      expect(body.paths[path][method].responses["403"].description, path).toContain("limit_reached");
  });
});
