/** What saving notifications would come to is said before: nothing is saved by it, nobody is given anything, nobody is told. */
import { beforeEach, describe, expect, it, vi } from "vitest";
import { newId } from "../../src/system.ts";
import { GENERAL, makeRecipientsTeam, type RecipientsTeam } from "../support/recipients-team.ts";
import { connectSlack } from "../support/slack-connected.ts";
import { type Answered, expectProblem, give, makeAdmin, makeMember, type Owner } from "./caller.ts";

let team: RecipientsTeam;
beforeEach(async () => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  team = await makeRecipientsTeam();
});

const preview = (notifications: unknown, by: Owner = team.ada, at = team.at): Promise<Answered> =>
  by.call("POST", `${at}/notification-previews`, { body: { notifications } });

const nothing = { errors: [], grants: [], unreachable: [] };

describe("a preview", () => {
  it("names each person and group who would be given access, once, and gives nothing", async () => {
    const { bob } = team;
    const group = await team.group(bob);
    const before = await team.grants();
    const { status, body } = await preview([{ users: [bob.id, team.ada.id], groups: [group] }, { users: [bob.id] }]);
    expect(status).toBe(200);
    expect(body).toEqual({
      ...nothing,
      grants: [
        { kind: "user", id: bob.id, name: bob.email, access: "app_only" },
        { kind: "group", id: group, name: expect.stringMatching(/^Readers/), access: "app_only" },
      ],
    });
    expect([await team.grants(), await team.granted()]).toEqual([before, []]);
    expect((await team.ada.call("GET", `${team.at}/schedules`)).body.items).toEqual([]);
  });

  it("names nobody who can see the app already, by whichever way", async () => {
    const { bob } = team;
    const group = await team.group(bob);
    await give(team.ada, team.at, { user: bob.id }, "app_only");
    expect((await preview([{ users: [bob.id], groups: [group] }])).body).toEqual(nothing);
  });

  it("says of each recipient that cannot be named where it stands, and of all at once", async () => {
    const [user, group, webhook] = [newId(), newId(), newId()];
    const { status, body } = await preview([
      { capture: "png" },
      { users: [team.ada.id, user], groups: [group], slack_channels: [GENERAL], webhooks: [webhook] },
    ]);
    expect(status).toBe(200);
    expect(body.grants).toEqual([]);
    expect(body.errors.map(({ path }: { path: string }) => path)).toEqual([
      "/notifications/1/users/1",
      "/notifications/1/groups/0",
      "/notifications/1/slack_channels/0",
      "/notifications/1/webhooks/0",
    ]);
    for (const { message, expected } of body.errors) expect(`${message} ${expected}`).toMatch(/^.{30,}$/);
  });

  it("says whom nothing would reach as things are, and what mends it", async () => {
    const { bob, ada } = team;
    await bob.call("PATCH", "/v1/me/preferences", { body: { notifications: { email: false, slack: false } } });
    const invited = await ada.call("POST", "/v1/members", { body: { email: "new@acme.test", role: "viewer" } });
    expect(invited.status, JSON.stringify(invited.body)).toBe(201);
    const { member } = invited.body;
    const [empty, hook] = [await team.group(), await team.endpoint()];
    await ada.call("PATCH", `/v1/webhooks/${hook}`, { body: { enabled: false } });
    const newcomer = member?.id ?? invited.body.id;
    const { body } = await preview([{ users: [bob.id, newcomer], groups: [empty], webhooks: [hook] }]);
    expect(body.errors).toEqual([]);
    expect(body.unreachable).toMatchObject([
      { recipient: { kind: "user", id: bob.id }, failure: { reason: "preferences_off", fault: "choice" } },
      { recipient: { kind: "user", id: newcomer }, failure: { reason: "not_joined" } },
      { recipient: { kind: "group", id: empty }, failure: { reason: "recipient_missing" } },
      { recipient: { kind: "webhook", id: hook }, failure: { reason: "endpoint_disabled" } },
    ]);
    for (const { failure } of body.unreachable) expect(failure.fix.length).toBeGreaterThan(10);
  });

  it("asks Slack about its channels, and says what is in the way", async () => {
    await connectSlack(team.ada.scope, "xoxb-ground");
    expect((await preview([{ slack_channels: [GENERAL] }])).body).toEqual(nothing);
    const { body } = await preview([{ slack_channels: [GENERAL, "C0NOBODY"] }]);
    expect(body.errors).toMatchObject([{ path: "/notifications/0/slack_channels/1" }]);
    expect(body.errors[0].message).toContain("/invite");
  });

  it("names the plan that has Slack, to a workspace whose plan has not", async () => {
    const small = await makeRecipientsTeam("professional");
    const refused = await preview([{ slack_channels: [GENERAL] }], small.ada, small.at);
    expectProblem(refused, 403, "limit_reached");
    expect(refused.body).toMatchObject({ limit: "slack", plan: "team" });
    expect((await preview([{ users: [small.ada.id] }], small.ada, small.at)).body).toEqual(nothing);
  });

  it.each([
    ["that would do nothing", [{}], "/notifications/0"],
    ["of a capture of failures", [{ on: "failure", capture: "png" }], "/notifications/0/capture"],
    ["that is no list", { capture: "png" }, "/notifications"],
    ["of a recipient that is no id", [{ users: ["bob"] }], "/notifications/0/users/0"],
    ["of a channel that is a name", [{ slack_channels: ["#general"] }], "/notifications/0/slack_channels/0"],
  ])("is refused of a notification %s", async (_, notifications, path) => {
    const refused = await preview(notifications);
    expectProblem(refused, 422, "invalid_input");
    expect(refused.body.errors.map((error: { path: string }) => error.path)).toContain(path);
  });

  it("knows nobody of another workspace", async () => {
    const other = await makeRecipientsTeam();
    const theirs = {
      users: [other.bob.id],
      groups: [await other.group(other.bob)],
      webhooks: [await other.endpoint()],
    };
    const { body } = await preview([theirs]);
    expect(body.errors).toHaveLength(3);
    const said = JSON.stringify(body);
    expect(said).not.toContain(other.bob.email);
    expect([body.grants, body.unreachable]).toEqual([[], []]);
  });

  it("is for those who may save it", async () => {
    const viewer = await makeMember(team.ada.scope, "editor");
    await give(team.ada, team.at, { user: viewer.id }, "can_view");
    expectProblem(await preview([{ users: [viewer.id] }], viewer), 403, "forbidden");
    expectProblem(await preview([{ users: [viewer.id] }], await makeAdmin()), 404, "not_found");
  });
});
