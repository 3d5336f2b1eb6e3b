/** `/v1/projects/{p}/settings` and `/secret`. */
import { describe, expect, it } from "vitest";
import { eventually } from "../support/world.ts";
import { auditOf, expectProblem, makeProjectOwner, makeTeam, schedule } from "./caller.ts";

/** What they say of the app and of captures until somebody changes it. */
const APP = {
  app_opens_with: "previous",
  app_url: null,
  capture_width: 1_280,
  capture_paper: "a4",
  capture_orientation: "portrait",
  capture_ready_selector: null,
};

describe("the settings", () => {
  it("hold the zone of schedules that name none", async () => {
    const owner = await makeProjectOwner();
    const changed = await owner.call("PATCH", `${owner.at}/settings`, { body: { timezone: "asia/kolkata" } });
    expect(changed.body).toEqual({ timezone: "Asia/Kolkata", ...APP });
    expect((await schedule(owner)).timezone).toBe("Asia/Kolkata");
  });

  it("to which nothing is changed are no act", async () => {
    const { owner, at } = await makeTeam();
    expect((await owner.call("PATCH", `${at}/settings`, { body: {} })).body).toEqual({ timezone: "UTC", ...APP });
    await owner.call("PATCH", `${at}/settings`, { body: { timezone: "UTC" } });
    await eventually(
      () => auditOf(owner.scope, "settings.changed"),
      (entries) => entries.length > 0,
    );
    expect(await auditOf(owner.scope, "settings.changed")).toHaveLength(1);
  });

  it("keep their zone when another is refused", async () => {
    const owner = await makeProjectOwner();
    const refused = await owner.call("PATCH", `${owner.at}/settings`, { body: { timezone: "Europe/Berln" } });
    expectProblem(refused, 422, "invalid_input");
    expect(refused.body.errors[0]).toMatchObject({ path: "/timezone", suggestion: "Europe/Berlin" });
    expect((await owner.call("GET", `${owner.at}/settings`)).body).toEqual({ timezone: "UTC", ...APP });
  });
});

describe("the app's settings", () => {
  it("say what it opens with, and which page stands in for it; each is changed by itself", async () => {
    const owner = await makeProjectOwner();
    const change = async (body: object) => (await owner.call("PATCH", `${owner.at}/settings`, { body })).body;
    expect(await change({ app_opens_with: "run" })).toEqual({ timezone: "UTC", ...APP, app_opens_with: "run" });
    const page = "https://reports.example.com/daily?a=1";
    expect(await change({ app_url: page })).toMatchObject({ app_opens_with: "run", app_url: page });
    expect(await change({ timezone: "Europe/Berlin" })).toMatchObject({ app_opens_with: "run", app_url: page });
    expect(await change({ app_url: null })).toMatchObject({ app_opens_with: "run", app_url: null });
    expect((await owner.call("GET", `${owner.at}/settings`)).body).toMatchObject({ app_opens_with: "run" });
  });

  it.each([
    ["javascript:alert(1)", "/app_url"],
    ["http://example.com/", "/app_url"],
    ["https://10.0.0.1/", "/app_url"],
    ["https://carillon.test/v1/me", "/app_url"],
    ["reports", "/app_url"],
  ])("take no page at %s", async (app_url, path) => {
    const owner = await makeProjectOwner();
    const refused = await owner.call("PATCH", `${owner.at}/settings`, { body: { app_url, timezone: "Asia/Tokyo" } });
    expectProblem(refused, 422, "invalid_input");
    expect(refused.body.errors[0]).toMatchObject({ path });
    expect((await owner.call("GET", `${owner.at}/settings`)).body).toEqual({ timezone: "UTC", ...APP });
  });

  it("name the two ways to open when another is asked for, and everything else that is wrong", async () => {
    const owner = await makeProjectOwner();
    const opening = await owner.call("PATCH", `${owner.at}/settings`, { body: { app_opens_with: "runs" } });
    expect(opening.body.errors).toMatchObject([{ path: "/app_opens_with", suggestion: "run" }]);
    const both = await owner.call("PATCH", `${owner.at}/settings`, { body: { timezone: "Nowhere", app_url: "x" } });
    expect(both.body.errors.map(({ path }: { path: string }) => path)).toEqual(["/timezone", "/app_url"]);
  });
});

describe("the settings of captures", () => {
  it("say how the page is laid out and what is there once it is ready; each is changed by itself", async () => {
    const owner = await makeProjectOwner();
    const change = async (body: object) => (await owner.call("PATCH", `${owner.at}/settings`, { body })).body;
    expect(await change({ capture_paper: "letter" })).toEqual({ timezone: "UTC", ...APP, capture_paper: "letter" });
    const wide = { capture_width: 2_560, capture_orientation: "landscape", capture_ready_selector: " #report.ready " };
    const set = { ...APP, ...wide, capture_ready_selector: "#report.ready", capture_paper: "letter" };
    expect(await change(wide)).toEqual({ timezone: "UTC", ...set });
    expect(await change({ capture_width: 320, capture_ready_selector: null })).toEqual({
      ...{ timezone: "UTC", ...set },
      ...{ capture_width: 320, capture_ready_selector: null },
    });
  });

  it.each([
    ["capture_width", 319],
    ["capture_width", 2_561],
    ["capture_width", 1_280.5],
    ["capture_width", null],
    ["capture_paper", "A3"],
    ["capture_orientation", "sideways"],
    ["capture_ready_selector", ""],
    ["capture_ready_selector", "//report"],
    ["capture_ready_selector", "x".repeat(201)],
    ["capture_ready_selector", 7],
  ])("are refused beside their field: %s %j", async (field, value) => {
    const owner = await makeProjectOwner();
    const body = { [field]: value, timezone: "Asia/Tokyo" };
    const refused = await owner.call("PATCH", `${owner.at}/settings`, { body });
    expectProblem(refused, 422, "invalid_input");
    expect(refused.body.errors).toMatchObject([{ path: `/${field}`, message: expect.any(String) }]);
    expect((await owner.call("GET", `${owner.at}/settings`)).body).toEqual({ timezone: "UTC", ...APP });
  });
});

describe("the signing secret", () => {
  it("is shown, replaced, and the previous one stays valid for a while", async () => {
    const owner = await makeProjectOwner();
    const first = await owner.call("GET", `${owner.at}/secret`);
    expect(first.body).toEqual({ secret: expect.stringMatching(/^whsec_[\w+/]{43}=$/), previous_valid_until: null });
    const rotated = await owner.call("POST", `${owner.at}/secret`);
    expect(rotated.status).toBe(201);
    expect(rotated.body.secret).not.toBe(first.body.secret);
    expect(Date.parse(rotated.body.previous_valid_until)).toBeGreaterThan(Date.now());
    expect((await owner.call("GET", `${owner.at}/secret`)).body).toEqual(rotated.body);
  });

  it("is another one in each project", async () => {
    const [one, two] = [await makeProjectOwner(), await makeProjectOwner()];
    const secrets = await Promise.all(
      [one, two].map(async ({ call, at }) => (await call("GET", `${at}/secret`)).body.secret),
    );
    expect(secrets[0]).not.toBe(secrets[1]);
  });
});
