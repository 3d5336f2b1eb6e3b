/** The notifications that a function brings with its schedule: uploaded, shown, and taken over when its version is published. */
import { beforeEach, describe, expect, it } from "vitest";
import { type Answered, expectProblem, functionAt, makeProjectOwner, type ProjectOwner } from "./caller.ts";

const PNG = { capture: "png" };
const DEFAULTS = {
  ...{ on: "success", attempts: "last", capture: "none" },
  ...{ users: [], groups: [], slack_channels: [], webhooks: [] },
  ...{ subject: null, body: null },
};
const SHOWN = [{ ...DEFAULTS, capture: "png" }];

let owner: ProjectOwner;
beforeEach(async () => {
  owner = await makeProjectOwner();
});

const upload = (body: object): Promise<Answered> => owner.call("POST", `${owner.at}/versions`, { body });
const publish = async (version: number): Promise<Answered["body"]> =>
  (await owner.call("PUT", `${owner.at}/published`, { body: { version } })).body;
const schedules = async (): Promise<readonly Answered["body"][]> =>
  (await owner.call("GET", `${owner.at}/schedules`)).body.items;

describe("the notifications of an http function", () => {
  const daily = (more: object) => functionAt("report", "ok", { schedule: "every 7 hours", ...more });

  it("are shown with the version, with their defaults, and none where none were given", async () => {
    const { status, body } = await upload({ functions: [daily({ notifications: [PNG] }), functionAt("work")] });
    expect([status, body.functions[0].notifications, body.functions[1].notifications]).toEqual([201, SHOWN, []]);
  });

  it("are its schedule's once the version is published", async () => {
    await upload({ functions: [daily({ notifications: [PNG] })] });
    await publish(2);
    expect(await schedules()).toMatchObject([{ fn: "report", origin: "metadata", notifications: SHOWN }]);
  });

  it("change with the next version alone, and move no occurrence", async () => {
    await upload({ functions: [daily({})] });
    await upload({ functions: [daily({ notifications: [PNG] })] });
    await publish(2);
    const [before] = await schedules();
    expect(await publish(3)).toMatchObject({
      schedules: { created: [], changed: ["report"], removed: [], unchanged: [] },
    });
    const [after] = await schedules();
    expect([after?.notifications, after?.id, after?.anchor]).toEqual([SHOWN, before?.id, before?.anchor]);
    expect(after?.upcoming).toEqual(before?.upcoming);
    await publish(2);
    expect(await schedules()).toMatchObject([{ notifications: [], upcoming: before?.upcoming }]);
  });

  it.each([
    [[{ capture: "gif" }], "/functions/1/notifications/0/capture"],
    [[{ ...PNG, to: "ada" }], "/functions/1/notifications/0/to"],
    [[PNG, { on: "failure", capture: "pdf" }], "/functions/1/notifications/1/capture"],
    [[{}], "/functions/1/notifications/0"],
    [Array.from({ length: 21 }, () => PNG), "/functions/1/notifications"],
  ])("are refused when they are wrong, with their place: %j", async (notifications, path) => {
    const answer = await upload({ functions: [functionAt("work"), daily({ notifications })] });
    expectProblem(answer, 422, "invalid_input");
    expect(answer.body.errors.map((issue: { path: string }) => issue.path)).toEqual([path]);
  });
});

describe("the notifications of a code function", () => {
  const modules = (meta: string) => ({
    "index.js": `import { fn } from "carillon"; export const report = fn(${meta}, () => 1);`,
  });

  it("are in its meta", async () => {
    await upload({ modules: modules('{ schedule: "hourly", notifications: [{ capture: "png" }] }') });
    await publish(2);
    expect(await schedules()).toMatchObject([{ fn: "report", notifications: SHOWN }]);
  });

  it("are those of the list where the function is listed and says so", async () => {
    const functions = [{ name: "report", kind: "code", notifications: [{ on: "both", capture: "pdf" }] }];
    const texts = modules('{ schedule: "hourly", notifications: [{ capture: "png" }] }');
    const { body } = await upload({ functions, modules: texts });
    expect(body.functions[0].notifications).toEqual([{ ...DEFAULTS, on: "both", capture: "pdf" }]);
  });

  it.each([
    ["[{}]", /^report \(index\.js:1:\d+\), notifications\/0: The notification would do nothing/],
    ['[{ users: ["ada"] }]', /^index\.js.*report: notifications is/],
    ['[{ slack_channels: ["#reports"] }]', /^index\.js.*report: notifications is/],
    ['[{ capture: "png", subject: "a\\nb" }]', /^index\.js.*report: notifications is/],
    ['[{ capture: "gif" }]', /^index\.js.*report: notifications is \[\{"capture":"gif"\}\]/],
  ])("are refused when they are wrong, with the function's place: %s", async (notifications, message) => {
    const answer = await upload({ modules: modules(`{ schedule: "hourly", notifications: ${notifications} }`) });
    expectProblem(answer, 422, "invalid_input");
    expect(answer.body.errors).toMatchObject([{ path: "/modules/index.js", message: expect.stringMatching(message) }]);
  });
});
