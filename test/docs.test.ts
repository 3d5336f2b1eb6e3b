/** The pages for people say what is so: names, numbers and addresses in them are compared with the code. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { ACCESS_LEVELS, ROLE_CAPS, ROLES } from "../src/domain/access.ts";
import {
  ATTEMPT_TIMEOUT_MS,
  ATTEMPTS_MAX,
  DEFAULT_LAYOUT,
  GIVE_UP_AFTER_MS,
  HEIGHT_MAX,
  LAYOUT_WIDTH_MAX,
  LAYOUT_WIDTH_MIN,
  NEWS_BUDGET_MS,
  WIDTH_MAX,
} from "../src/domain/captures/capture.ts";
import { attemptsAt, CAPTURE_FAILURE_NAMES } from "../src/domain/captures/failure.ts";
import { NEWS_STEPS } from "../src/domain/captures/news-size.ts";
import { readExpression } from "../src/domain/language/read.ts";
import { ATTEMPTS_KEPT, CHANNELS, DELIVERY_STATES } from "../src/domain/news/delivery.ts";
import { DELIVERY_FAULTS, DELIVERY_REASONS } from "../src/domain/news/delivery-failure.ts";
import { HELD_FOR_MS, RETRY_PLANS } from "../src/domain/news/retrying.ts";
import { BODY_MAX_LENGTH, NOTIFICATIONS_MAX, RECIPIENTS_MAX, SUBJECT_MAX_LENGTH } from "../src/domain/notification.ts";
import { PLAN_NAMES, PLANS, type PlanLimits } from "../src/domain/plan.ts";
import { DEFAULT_RETRY_LIMITS } from "../src/domain/policy/retry.ts";
import { RUN_STATUSES } from "../src/domain/run.ts";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "../src/domain/time/instant.ts";
import { signatureHeaders } from "../src/http/signing.ts";

const read = (path: string): string => readFileSync(path, "utf8");

/** The rows of the table of a page whose head begins so. */
const tablesOf =
  (page: string) =>
  (head: string): readonly (readonly string[])[] =>
    (page.slice(page.indexOf(head)).split("\n\n")[0] ?? "")
      .split("\n")
      .slice(2)
      .map((row) => row.split("|").map((cell) => cell.trim().replaceAll("`", "")))
      .map(([, ...cells]) => cells.slice(0, -1));

const PAGES = [
  ...readdirSync(".").filter((name) => name.endsWith(".md")),
  ...readdirSync("docs")
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name)),
];
const README = read("README.md");
const CONFIGURATION = read("docs/configuration.md");
const WRANGLER = read("wrangler.toml");

describe.each(PAGES)("%s", (path) => {
  it("links to what is there", () => {
    const links = [...read(path).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, target]) => target ?? "");
    const local = links.filter((target) => !/^https?:/.test(target));
    // docs/decisions is written when the first choice is.
    const broken = local.filter(
      (target) => !target.endsWith("docs/decisions") && !existsSync(join(dirname(path), target)),
    );
    expect(broken).toEqual([]);
  });

  it("names no machine and no registry", () => {
    expect(read(path)).not.toMatch(/\/(?:home|root|work|Users)\/|registry\.npmjs/);
  });
});

/** Secrets that a deployment may have, and what only tests set. */
const NOT_IN_WRANGLER = ["SMTP_URL", "SLACK_CLIENT_SECRET", "SLACK_SIGNING_SECRET", "SLACK_URL"];

describe("docs/configuration.md", () => {
  const env = /export interface Env \{([^}]*)\}/.exec(read("src/env.ts"))?.[1] ?? "";
  const inEnv = [...env.matchAll(/readonly (\w+)\??:/g)].map(([, name]) => name ?? "");
  const deployment = CONFIGURATION.slice(0, CONFIGURATION.indexOf("## Cron triggers"));
  const told = [...deployment.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name ?? "");

  it("tells of every binding and variable that src/env.ts reads, and of no other", () => {
    expect([...told].sort()).toEqual([...inEnv].sort());
  });

  it("tells of every binding and variable of wrangler.toml", () => {
    const bound = [...WRANGLER.matchAll(/^(?:binding|name) = "([A-Z_]+)"/gm)].map(([, name]) => name);
    const vars = [...(WRANGLER.split("[vars]")[1]?.split("\n[")[0] ?? "").matchAll(/^([A-Z_]+) = /gm)].map(
      ([, name]) => name,
    );
    expect([...bound, ...vars, "CARILLON_KEY", ...NOT_IN_WRANGLER].sort()).toEqual([...told].sort());
  });

  it("tells the defaults as wrangler.toml sets them", () => {
    const set = new Map([...WRANGLER.matchAll(/^([A-Z_]+) = "([^"]*)"/gm)].map(([, name, value]) => [name, value]));
    for (const [, name, value] of deployment.matchAll(/^\| `([A-Z_]+)` \| (?:`([^`]+)`|empty) \|/gm))
      expect([name, value ?? ""]).toEqual([name, NOT_IN_WRANGLER.includes(name ?? "") ? "" : set.get(name)]);
    expect(set.get("RETRY_MAX_ATTEMPTS")).toBe(String(DEFAULT_RETRY_LIMITS.maxAttempts));
    expect(set.get("RETRY_MAX_DELAY_MS")).toBe(String(DEFAULT_RETRY_LIMITS.maxDelay));
    expect(set.get("RETRY_DEFAULT_DELAY_MS")).toBe(String(DEFAULT_RETRY_LIMITS.defaultDelay));
  });

  it("tells the cron triggers, which npm start rings too", () => {
    const crons =
      /crons = \[([^\]]*)\]/
        .exec(WRANGLER)?.[1]
        ?.match(/[^"]+(?=")/g)
        ?.filter((cron) => /\d/.test(cron)) ?? [];
    expect(crons).not.toEqual([]);
    for (const cron of crons) {
      expect(CONFIGURATION).toContain(`| \`${cron}\` |`);
      expect(read("scripts/start/watchdog.ts")).toContain(`"${cron}"`);
    }
  });
});

describe("README.md", () => {
  it("names every state of a run", () => {
    const section = README.slice(README.indexOf("## The states of a run"), README.indexOf("## Into your account"));
    for (const status of RUN_STATUSES) expect(section).toContain(`\`${status}\``);
  });

  it("offers only scripts that package.json has", () => {
    const { scripts } = JSON.parse(read("package.json"));
    const offered = [...README.matchAll(/npm (?:run ([\w-]+)|(start|test))/g)].map(
      ([, run, short]) => run ?? short ?? "",
    );
    for (const script of offered) expect(scripts).toHaveProperty(script);
  });
});

describe("README.md on how a team sets itself up", () => {
  /** The cells of each row of the table that begins with this. */
  const tableOf = (head: string): readonly (readonly string[])[] => {
    const [, ...rows] = (README.slice(README.indexOf(head)).split("\n\n")[0] ?? "").split("\n").slice(1);
    return rows.map((row) =>
      row
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll("`", "")),
    );
  };

  it("tells of every role what it caps", () => {
    const told = tableOf("| role | in the workspace |").map(([role, , cap]) => [role, cap]);
    expect(told).toEqual(ROLES.map((role) => [role, ROLE_CAPS[role]]));
  });

  it("tells of every level of access", () => {
    expect(tableOf("| access | lets one |").map(([access]) => access)).toEqual([...ACCESS_LEVELS]);
  });

  it("tells the numbers of every plan", () => {
    const rows = new Map(tableOf("| | `professional` |").map(([limit, ...cells]) => [limit, cells]));
    const told = (limit: string) => rows.get(limit)?.map((cell) => cell.replaceAll(",", ""));
    const inPlans = (say: (limits: PlanLimits) => string) => PLAN_NAMES.map((name) => say(PLANS[name]));
    const unit = { [HOUR_MS]: "1 hour", [MINUTE_MS]: "1 minute", [SECOND_MS]: "1 second" };
    const yes = (is: boolean) => (is ? "yes" : "no");
    expect(told("schedules of a project")).toEqual(inPlans((limits) => String(limits.schedulesPerProject)));
    expect(told("shortest interval")).toEqual(inPlans((limits) => String(unit[limits.shortestInterval])));
    expect(told("runs at once, in a project / in all")).toEqual(
      inPlans((limits) => `${limits.concurrentRunsPerProject} / ${limits.concurrentRuns}`),
    );
    expect(told("runs in a day")).toEqual(inPlans((limits) => String(limits.runsPerDay)));
    expect(told("captures in a day, of all projects, each format by itself")).toEqual(
      inPlans((limits) => String(limits.capturesPerDay)),
    );
    expect(told("the run log is kept")).toEqual(inPlans((limits) => `${limits.retentionDays} days`));
    expect(told("Slack")).toEqual(inPlans((limits) => yes(limits.slack)));
    expect(told("the audit can be read")).toEqual(inPlans((limits) => yes(limits.audit)));
    const custom = told("cron, English and intervals")?.map((cell) => cell.slice(0, 3));
    expect(custom).toEqual(inPlans((limits) => (limits.customSchedules ? "yes" : "no:")));
  });
});

describe("docs/captures.md", () => {
  const page = read("docs/captures.md");
  const rowsOf = tablesOf(page);

  it("tells of every reason why one failed, and whether it is tried again", () => {
    const told = rowsOf("| `reason` | means").map(([reason, , isTriedAgain]) => [reason, isTriedAgain]);
    expect(told).toEqual(CAPTURE_FAILURE_NAMES.map((reason) => [reason, attemptsAt(reason) > 1 ? "yes" : "no"]));
  });

  it("tells of every step that news takes", () => {
    expect(rowsOf("| step | goes along").map(([step]) => step)).toEqual([...NEWS_STEPS]);
  });

  it("tells the settings with their defaults and bounds", () => {
    const told = new Map(rowsOf("| setting | default").map(([name, ...cells]) => [name, cells]));
    expect([...told.keys()]).toEqual(
      [...read("src/api/settings.ts").matchAll(/(capture_\w+): z/g)].slice(0, 4).map(([, name]) => name),
    );
    const { width, paper, orientation } = DEFAULT_LAYOUT;
    expect([
      told.get("capture_width")?.[0],
      told.get("capture_paper")?.[0],
      told.get("capture_orientation")?.[0],
    ]).toEqual([String(width), paper, orientation]);
    const number = (value: number) => value.toLocaleString("en");
    expect(told.get("capture_width")?.[1]).toContain(`${LAYOUT_WIDTH_MIN} to ${number(LAYOUT_WIDTH_MAX)}`);
  });

  it("tells the limits of a picture, of an attempt and of a schedule, as the README does", () => {
    const number = (value: number) => value.toLocaleString("en");
    for (const text of [page, README])
      for (const said of [number(HEIGHT_MAX), number(WIDTH_MAX), `${ATTEMPT_TIMEOUT_MS / SECOND_MS} seconds`])
        expect(text).toContain(said);
    expect(ATTEMPTS_MAX).toBe(3);
    expect(page).toContain(`up to ${NOTIFICATIONS_MAX} notifications`);
    expect(NEWS_BUDGET_MS).toBe(MINUTE_MS);
    expect(GIVE_UP_AFTER_MS).toBe(30 * MINUTE_MS);
  });
});

describe("docs/notifications.md", () => {
  const page = read("docs/notifications.md");
  const rowsOf = tablesOf(page);

  it("tells of every reason, whose affair it is and what mends it", () => {
    const told = rowsOf("| `reason` | `fault`");
    expect(told).toEqual(Object.entries(DELIVERY_REASONS).map(([reason, { fault, fix }]) => [reason, fault, fix]));
    expect(rowsOf("| `fault` | means").map(([fault]) => fault)).toEqual([...DELIVERY_FAULTS]);
  });

  it("tells of every state of a delivery", () => {
    expect(rowsOf("| `state` | means").map(([state]) => state)).toEqual([...DELIVERY_STATES]);
  });

  it("tells the fields of a notification, and their limits", () => {
    const fields =
      /export interface NotificationInput \{([\s\S]*?)\n\}/.exec(read("src/domain/notification.ts"))?.[1] ?? "";
    const named = [...fields.matchAll(/readonly (\w+)\?:/g)].map(([, name]) => name);
    expect(rowsOf("| field | default").map(([field]) => field)).toEqual(named);
    for (const said of [
      `up to ${NOTIFICATIONS_MAX} notifications with up to ${RECIPIENTS_MAX} recipients`,
      `up to ${SUBJECT_MAX_LENGTH} characters`,
      `up to ${BODY_MAX_LENGTH.toLocaleString("en")} characters`,
    ])
      expect(page).toContain(said);
  });

  it("tells the waits between attempts", () => {
    const unit = (wait: number): string => {
      const [size, name] =
        wait < MINUTE_MS ? [SECOND_MS, "second"] : wait < HOUR_MS ? [MINUTE_MS, "minute"] : [HOUR_MS, "hour"];
      return `${wait / Number(size)} ${name}${wait === size ? "" : "s"}`;
    };
    const told = rowsOf("| channel | the waits").map(([channel, waits]) => [channel?.toLowerCase(), waits]);
    expect(told).toEqual(CHANNELS.map((channel) => [channel, RETRY_PLANS[channel].map(unit).join(", ")]));
    expect(HELD_FOR_MS).toBe(3 * 24 * HOUR_MS);
    expect(NEWS_BUDGET_MS).toBe(MINUTE_MS);
    expect(ATTEMPTS_KEPT).toBe(12);
  });
});

describe("docs/http-functions.md", () => {
  const [, snippet = ""] = /```js\n([\s\S]*?)```/.exec(read("docs/http-functions.md")) ?? [];

  it("verifies a genuine call by hand, and no other", async () => {
    const { isGenuine } = await import(`data:text/javascript,${encodeURIComponent(snippet)}`);
    const message = {
      id: "019b3f0e-6c00-7f29-a1d8-09d9a834877a",
      timestamp: Math.floor(Date.now() / 1_000),
      body: "{}",
    };
    const [secret, other] = ["7", "8"].map((byte) => `whsec_${Buffer.alloc(32, byte).toString("base64")}`);
    const headers = await signatureHeaders(message, [String(other), String(secret)]);
    expect(isGenuine(secret, headers, message.body)).toBe(true);
    expect(isGenuine(secret, headers, "{ }")).toBe(false);
    expect(isGenuine(secret, await signatureHeaders(message, [String(other)]), message.body)).toBe(false);
    const old = await signatureHeaders({ ...message, timestamp: message.timestamp - 301 }, [String(secret)]);
    expect(isGenuine(secret, old, message.body)).toBe(false);
    expect(isGenuine(secret, {}, message.body)).toBe(false);
  });
});

describe("the call that docs/http-functions.md shows", () => {
  const page = read("docs/http-functions.md");
  const [, shown = ""] = /```http\n([\s\S]*?)```/.exec(page) ?? [];

  it("has the headers that the executor sends", () => {
    const sent = [...read("src/executor/http-function.ts").matchAll(/"(carillon-[a-z-]+)":/g)].map(([, name]) => name);
    expect([...shown.matchAll(/^(carillon-[a-z-]+):/gm)].map(([, name]) => name)).toEqual(sent);
  });

  it("has the body that the executor sends", () => {
    const { run, ...rest } = JSON.parse(shown.slice(shown.indexOf("{")));
    expect(Object.keys(rest)).toEqual(["fn", "args", "completion"]);
    const [, facts = ""] = /export interface RunFacts \{([^}]*)\}/.exec(read("src/domain/run.ts")) ?? [];
    expect(Object.keys(run)).toEqual([...facts.matchAll(/readonly (\w+):/g)].map(([, name]) => name));
  });
});

describe("expressions in the pages", () => {
  const context = { now: Date.parse("2026-11-21T10:07:13.250Z"), timezone: "UTC", timezoneIsExplicit: false };
  const inCode = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code ?? "");

  it("of the README's table are all read", () => {
    const section = README.slice(README.indexOf("## When:"), README.indexOf("## The states"));
    const rows = section.split("\n").filter((line) => line.startsWith("| ") && line.includes("`"));
    const expressions = rows.flatMap((row) => inCode(row.split("|")[2] ?? ""));
    expect(expressions.length).toBeGreaterThan(12);
    for (const expression of expressions)
      expect([expression, readExpression(expression, context).ok]).toEqual([expression, true]);
  });

  it("of the time language mean the cron lines beside them", () => {
    const page = read("docs/time-language.md");
    const rows = page
      .slice(page.indexOf("| you write | it means"), page.indexOf("Hours and smaller"))
      .split("\n")
      .slice(2);
    for (const row of rows.filter((line) => line.startsWith("|"))) {
      const [, written = "", meant = ""] = row.split("|");
      for (const expression of inCode(written)) {
        const reading = readExpression(expression, context);
        const lines = reading.ok && reading.value.recurrence.kind === "calendar" ? reading.value.recurrence.lines : [];
        expect([expression, reading.ok, lines]).toEqual([expression, true, inCode(meant)]);
      }
    }
  });

  it("that are said to be refused are refused", () => {
    const page = read("docs/time-language.md");
    const rows = page.slice(page.indexOf("| you write | you are told")).split("\n").slice(2);
    for (const row of rows.filter((line) => line.startsWith("|")))
      for (const expression of inCode(row.split("|")[1] ?? ""))
        expect([expression, readExpression(expression, context).ok]).toEqual([expression, false]);
  });
});
