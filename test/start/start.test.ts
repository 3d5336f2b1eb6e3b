/** `npm start` keeps what README.md says of it: the walk-through, the demo on time, and no loss when it is killed. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findChromium } from "../../scripts/chromium.ts";
import { LocalCarillon, NODE, until } from "./local-carillon.ts";

const HEARTBEAT_MS = 15_000;
/** The machine is shared, and the runtime has just begun. */
const ON_TIME_MS = 2_000;
/** The runtime may outlive for a moment whoever was killed. */
const GOES_ON_MS = 2_000;
/** What was due then is late by now, were anybody there. */
const PAST_DUE_MS = 500;
const SETTLED_WITHIN_MS = 60_000;

let carillon: LocalCarillon;

beforeAll(async () => {
  carillon = await LocalCarillon.make();
  await carillon.start();
});

afterAll(() => carillon.remove());

describe("npm start", () => {
  it("tells people where everything is, and programs in dev.json", async () => {
    const { url, token, operator_token, sign_in_url } = carillon.dev;
    for (const said of [`${url}/docs`, `Authorization: Bearer ${token}`, sign_in_url])
      expect(carillon.said).toContain(said);
    expect(sign_in_url).toMatch(new RegExp(`^${url}/sign-in/[\\w-]{43}$`));
    expect(readFileSync(carillon.envFile, "utf8")).toContain(`export CARILLON_OPERATOR_TOKEN=${operator_token}\n`);
    expect(operator_token).toMatch(/^cop_[\w-]{43}$/);
    expect((await fetch(`${url}/docs`)).status).toBe(200);
    expect((await carillon.get("/v1/health")).status).toBe("ok");
  });

  it("signs in by its link, without mail and more than once", async () => {
    const { url, sign_in_url } = carillon.dev;
    for (const _ of ["first", "again"]) {
      const opened = await fetch(sign_in_url, { redirect: "manual" });
      const [session = ""] = opened.headers.getSetCookie()[0]?.split(";") ?? [];
      const home = await fetch(`${url}/`, { headers: { cookie: session }, redirect: "manual" });
      expect([home.status, await home.text()]).toEqual([200, expect.stringContaining("you@carillon.local")]);
    }
  });

  it("says nothing that wrangler says", () => {
    const lines = carillon.said.split("Carillon is running.")[0]?.split("\n") ?? [];
    // A call of the demo may come first: its schedules run as soon as they are made.
    expect(lines.filter((line) => line.trim() !== "" && !/^\d\d:\d\d:\d\d {2}/.test(line))).toEqual([]);
  });

  it.concurrent("has every step of README.md's walk-through go well", async () => {
    const blocks = [...readFileSync("README.md", "utf8").matchAll(/```bash\n([\s\S]*?)```/g)].map(([, block]) => block);
    const script = ["set -euo pipefail", ...blocks.flatMap((block) => ["echo '--- block'", block])].join("\n");
    const picture = join(mkdtempSync(join(tmpdir(), "carillon-picture-")), "reminders.png");
    const here = script.replace(".carillon/env", carillon.envFile).replace("reminders.png", picture);
    const { stdout } = await promisify(execFile)("bash", ["-c", here]);
    const answers = stdout.split("--- block\n").map((block) => block.trim().split("\n").filter(Boolean).map(readJson));
    const [, , previewed, made, saved, watched, last, published, reminded, captured, news, ...team] = answers;
    const [invited, shared, token, founded] = team;
    expect(previewed?.[0]).toMatchObject({ kind: "calendar", cron: ["15 9 * * MON-FRI"], timezone: "Europe/Berlin" });
    expect(made).toHaveLength(3);
    expect(saved?.[0]).toMatchObject({ change: "created", retry: { attempts: 3, delay: 1_000 } });
    const [runs, run, output] = watched ?? [];
    expect(runs.items.length).toBeGreaterThanOrEqual(3);
    expect(run).toMatchObject({ status: "succeeded", attempt: 2, badge: "↻2" });
    expect(run.chain.map(({ status }: { status: string }) => status)).toEqual(["failed", "failed", "succeeded"]);
    expect(output).toMatchObject({ items: [{ fn: "load-orders", value: { rows: 3 } }] });
    expect(last?.at(-1)).toMatchObject({ cancelled: 1 });
    expect(published?.at(-2)).toMatchObject({ dry_run: true, schedules: { created: ["stretch"] } });
    expect(published?.at(-1)).toMatchObject({ dry_run: false, run_id: expect.any(String) });
    expect(reminded?.at(-1).items).toMatchObject([{ fn: "send-reminder", status: "succeeded", context: "scheduled" }]);
    expect(captured?.[0]).toMatchObject({ items: [{ format: "png", cause: "demand" }] });
    if (findChromium() !== null) {
      expect(captured?.at(-1)).toBe("200");
      expect(readFileSync(picture).subarray(0, 8).toString("latin1")).toBe("\x89PNG\r\n\x1a\n");
    }
    rmSync(dirname(picture), { recursive: true });
    const you = expect.objectContaining({ name: "you@carillon.local", access: "app_only" });
    expect(news?.[0]).toEqual({ errors: [], grants: [you], unreachable: [] });
    expect(news?.at(-1).items).toMatchObject([
      { event: "run.succeeded", channel: "email", recipient: { name: "you@carillon.local" }, state: "sent" },
    ]);
    expect(invited?.[0]).toMatchObject({ member: { email: "grace@example.com", state: "invited" }, mailed: true });
    expect(shared?.[0].grants).toContainEqual(expect.objectContaining({ access: "can_edit" }));
    expect(token?.[0]).toMatchObject({ kind: "workspace", token: expect.stringMatching(/^car_/) });
    expect(founded?.[0]).toMatchObject({ workspace: { name: "Globex", plan: "team" } });
  });

  it.concurrent("has every step of docs/notifications.md go well, too", async () => {
    const blocks = [...readFileSync("docs/notifications.md", "utf8").matchAll(/```bash\n([\s\S]*?)```/g)];
    const script = ["set -euo pipefail", ...blocks.map(([, block]) => block)].join("\n");
    const { stdout } = await promisify(execFile)("bash", ["-c", script.replace(".carillon/env", carillon.envFile)]);
    const [saved, previewed, told] = stdout.trim().split("\n").filter(Boolean).map(readJson);
    expect(saved).toMatchObject({ change: "created", notifications: [{ capture: "png" }, { attempts: "every" }] });
    expect(previewed).toMatchObject({ errors: [], unreachable: [] });
    expect(told.items).toMatchObject([{ state: "sent", recipient: { name: "you@carillon.local" } }]);
  });

  it("has a first mail in the outbox at once, which leads to the page of its run", async () => {
    const { url, sign_in_url } = carillon.dev;
    const outbox = async () => (await fetch(`${url}/outbox`)).text();
    await until(async () => (await outbox()).includes(">Report succeeded<"), SETTLED_WITHIN_MS, outbox);
    const [, id] = /href="\/outbox\/([0-9a-f-]+)">Report succeeded</.exec(await outbox()) ?? [];
    const mail = await (await fetch(`${url}/outbox/${id}/html`)).text();
    const [run = ""] = /http:\/\/localhost:\d+\/projects\/[0-9a-f-]+\/runs\/[0-9a-f-]+/.exec(mail) ?? [];
    const opened = await fetch(sign_in_url, { redirect: "manual" });
    const [session = ""] = opened.headers.getSetCookie()[0]?.split(";") ?? [];
    const page = await (await fetch(run, { headers: { cookie: session } })).text();
    expect(page).toContain("<h1>Report, the whole project</h1>");
    expect(page).toContain("Report succeeded");
    expect(page).toContain("you@carillon.local by email");
  });

  it("calls the heartbeat on time", async () => {
    const heartbeats = async () => (await carillon.calls()).filter(({ fn }) => fn === "heartbeat");
    await until(async () => (await heartbeats()).length >= 2, 3 * HEARTBEAT_MS);
    for (const { at, scheduled_for } of await heartbeats()) {
      const late = Date.parse(at) - Date.parse(scheduled_for);
      expect(late).toBeGreaterThanOrEqual(0);
      expect(late).toBeLessThan(ON_TIME_MS);
    }
  });

  it("retries what fails until it is well", async () => {
    const flaky = "/v1/projects/demo/runs?fn=flaky&status=succeeded";
    await until(async () => (await carillon.get(flaky)).items.length > 0, 75_000);
    const [{ id }] = (await carillon.get(flaky)).items;
    const { chain } = await carillon.get(`/v1/projects/demo/runs/${id}`);
    expect(chain.map(({ attempt, status }: { attempt: number; status: string }) => [attempt, status])).toEqual([
      [0, "failed"],
      [1, "failed"],
      [2, "succeeded"],
    ]);
  });

  it("has the example projects alive: published, scheduled, and with an app that shows their outputs", async () => {
    const { url, sign_in_url } = carillon.dev;
    const opened = await fetch(sign_in_url, { redirect: "manual" });
    const [session = ""] = opened.headers.getSetCookie()[0]?.split(";") ?? [];
    const appOf = async (slug: string) =>
      (await fetch(`${url}/v1/projects/${slug}/app`, { headers: { cookie: session, accept: "text/html" } })).text();
    for (const [slug, schedules, shown] of [
      ["report", 1, "Revenue by day"],
      ["clean-up", 1, "Expired sessions"],
      ["reminder", 1, "No reminder is due."],
    ] as const) {
      expect((await carillon.get(`/v1/projects/${slug}/schedules?origin=metadata`)).items).toHaveLength(schedules);
      await until(async () => (await appOf(slug)).includes(shown), SETTLED_WITHIN_MS);
    }
  });

  it("takes a folder of code from publish-code, and tells what it refuses", async () => {
    const { url, token } = carillon.dev;
    await carillon.post("/v1/projects", { name: "Mine", slug: "mine" });
    const publish = (folder: string) => {
      const env = { ...process.env, CARILLON_URL: url, CARILLON_TOKEN: token };
      const args = ["scripts/with-node-24.mjs", "publish", folder, "--project", "mine"];
      return promisify(execFile)(NODE, args, { env });
    };
    expect((await publish("examples/report")).stdout).toContain("Version 1 of mine is published");
    const wrong = mkdtempSync(join(tmpdir(), "carillon-wrong-"));
    writeFileSync(join(wrong, "index.js"), "export const work = () => {\n  return ];\n};\n");
    const refused = await publish(wrong).catch((cause) => cause);
    rmSync(wrong, { recursive: true });
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/^index\.js:2:\d+: /m)]);
    expect((await carillon.get("/v1/projects/mine/published")).version).toBe(1);
  });

  it("loses nothing and doubles nothing when it is killed while runs are on their way", async () => {
    const { id } = await carillon.post("/v1/projects/demo/runs", { fn: "slow" });
    await sleep(300);
    const linkBefore = carillon.dev.sign_in_url;
    const before = (await decisions()).at(-1)?.at ?? 0;
    await carillon.end("SIGKILL");
    // One heartbeat at least is due while nobody is there.
    const missed = before + Math.ceil((Date.now() + GOES_ON_MS - before) / HEARTBEAT_MS) * HEARTBEAT_MS;
    await sleep(missed + PAST_DUE_MS - Date.now());
    await carillon.start();
    const back = Date.now();
    expect(await statusOf(linkBefore)).toBe(410);
    expect(await statusOf(carillon.dev.sign_in_url)).toBe(303);
    // Its executor died with the machine, so what became of the call is not known: it fails as lost, and says so.
    const slow = () => carillon.get(`/v1/projects/demo/runs/${id}`);
    await until(async () => (await slow()).finished_at !== null, SETTLED_WITHIN_MS, slow);
    expect(await slow()).toMatchObject({ status: "failed", error: { reason: "lost" } });
    await until(async () => (await decisions()).some(({ at }) => at > back), SETTLED_WITHIN_MS);
    const decided = await decisions();
    expect(decided.some(({ at, count }) => at >= missed && at - (count - 1) * HEARTBEAT_MS <= missed)).toBe(true);
    expect(accountedFor(decided)).toEqual([]);
  });

  it("stops in order when it is asked to", async () => {
    const { url } = carillon.dev;
    expect(await carillon.end("SIGTERM")).toBe(0);
    await expect(fetch(`${url}/v1/health`)).rejects.toThrow();
  });
});

const statusOf = async (url: string): Promise<number> => (await fetch(url, { redirect: "manual" })).status;

interface Decision {
  readonly at: number;
  readonly count: number;
}

/** What was decided about each occurrence of the heartbeat: first attempts and ledger rows, oldest first. */
async function decisions(): Promise<readonly Decision[]> {
  const { items } = await carillon.get("/v1/projects/demo/runs?fn=heartbeat&limit=200");
  return items
    .filter(({ attempt }: { attempt: number }) => attempt === 0)
    .map(({ scheduled_for, count }: { scheduled_for: string; count: number }) => ({
      at: Date.parse(scheduled_for),
      count,
    }))
    .sort((a: Decision, b: Decision) => a.at - b.at);
}

/** The nominal times that have no decision, or more than one. A row that stands for several covers those before it. */
function accountedFor(decided: readonly Decision[]): string[] {
  const covered = decided.flatMap(({ at, count }) =>
    Array.from({ length: count }, (_, back) => at - back * HEARTBEAT_MS),
  );
  const wrong: string[] = [];
  for (let at = Math.min(...covered); at <= Math.max(...covered); at += HEARTBEAT_MS) {
    const times = covered.filter((one) => one === at).length;
    if (times !== 1) wrong.push(`${new Date(at).toISOString()} was decided ${times} times`);
  }
  return wrong;
}

/** Each line that the walk-through prints is one answer; other lines are not looked at. */
function readJson(line: string) {
  return line.startsWith("{") ? JSON.parse(line) : line;
}
