/** What docs/code-functions.md shows and says, run in isolates and compared with the code. */
import { describe, expect, it } from "vitest";
import page from "../../docs/code-functions.md?raw";
import { MODULES_MAX, MODULES_MAX_BYTES } from "../../src/domain/code/modules.ts";
import { FAILURE_REASONS } from "../../src/domain/run.ts";
import { DEFAULT_TIMEOUT_MS, SYNCHRONOUS_TIMEOUT_MS } from "../../src/domain/schedule-input.ts";
import { MINUTE_MS, SECOND_MS } from "../../src/domain/time/instant.ts";
import { EVENT_MAX_LENGTH, SENDS_MAX } from "../../src/executor/code-run.ts";
import { OUTPUT_MAX_BYTES } from "../../src/executor/http-function.ts";
import { LOAD_TIME_MS } from "../../src/executor/inspect-modules.ts";
import { CODE_LIMITS } from "../../src/executor/isolate.ts";
import { ITEMS_MAX_LENGTH, LINE_MAX_LENGTH, LOG_LINES_MAX, LOG_MAX_LENGTH } from "../../src/executor/journal.ts";
import { code, leftOf, linesOf, makeCodeWorld, returned } from "../support/code-claim.ts";

const EXAMPLES = new Map(
  [...page.matchAll(/```js\n\/\/ (\S+)\n([\s\S]*?)```/g)].map(([, name = "", text = ""]) => [name, text]),
);
const KIB = 1_024;
const MIB = 1_048_576;
const exampleOf = (name: string): string => EXAMPLES.get(name) ?? "";

describe("docs/code-functions.md", () => {
  it("shows a report that runs as a whole, with its log", async () => {
    const texts = { "index.js": exampleOf("index.js"), "lib/days.js": exampleOf("lib/days.js") };
    const functions = [code("load-orders", { export: "loadOrders" }), code("daily-report", { export: "dailyReport" })];
    const outcome = await makeCodeWorld().run(texts, { functions });
    expect(leftOf(outcome).items).toMatchObject([
      { fn: "load-orders", value: { rows: 1 } },
      { fn: "daily-report", value: { kind: "chart", rows: [{ day: "2027-01-15", orders: 12 }] } },
    ]);
    expect(linesOf(outcome)).toMatchObject([{ text: "loading the days up to 2027-01-15T09:00:00.000Z" }]);
  });

  it("shows reminders that send what they say", async () => {
    const world = makeCodeWorld();
    const run = (exported: string, args: Parameters<typeof JSON.parse>[0]) =>
      world.run(exampleOf("reminders.js"), {
        functions: [code("work", { export: exported })],
        whole: false,
        args: JSON.parse(args),
      });
    await run("scheduleReminder", '{ "user": "ada", "message": "Tea", "delay": "2 hours from now" }');
    await run("cancelReminder", '{ "id": "the-id" }');
    expect(world.sent.map(({ event, data }) => [event, data])).toEqual([
      [
        "hot:schedule:new",
        { fn: "send-reminder", args: [{ user: "ada", message: "Tea" }], schedule: "2 hours from now" },
      ],
      ["hot:schedule:cancel", { "schedule-id": "the-id" }],
    ]);
    expect(returned(await run("sendReminder", '[{ "user": "ada", "message": "Tea" }]'))).toBe("ada: Tea");
  });

  it("shows reminders that go well in a run of the whole project, which has no arguments", async () => {
    const world = makeCodeWorld();
    const functions = ["scheduleReminder", "cancelReminder", "sendReminder"].map((name) => code(name));
    const outcome = await world.run(exampleOf("reminders.js"), { functions, args: null });
    expect(leftOf(outcome).items.map(({ value }) => value)).toEqual([
      "Nobody asked for a reminder.",
      false,
      "No reminder is due.",
    ]);
    expect(world.sent).toEqual([]);
  });

  it("tells the limits as they are, in the units of people", () => {
    const limits = page.slice(page.indexOf("## Limits"), page.indexOf("## When it goes wrong"));
    const [count, bytes, seconds, minutes] = [
      (number: number) => number.toLocaleString("en"),
      (number: number) => (number % MIB === 0 ? `${number / MIB} MiB` : `${number / KIB} KiB`),
      (time: number) => `${time / SECOND_MS} s`,
      (time: number) => `${time / MINUTE_MS} minutes`,
    ];
    const rows = [
      `| modules of a version | ${count(MODULES_MAX)}, in ${bytes(MODULES_MAX_BYTES)} |`,
      `| loading the modules, at the upload | ${seconds(LOAD_TIME_MS)},`,
      `| a run | its timeout, ${minutes(DEFAULT_TIMEOUT_MS)} by default and ${minutes(SYNCHRONOUS_TIMEOUT_MS)} at most; ${seconds(CODE_LIMITS.cpuMs)} of CPU; ${count(CODE_LIMITS.subRequests)} requests |`,
      `| what one function returns | ${bytes(OUTPUT_MAX_BYTES)} |`,
      `| what all functions of a run return | ${bytes(ITEMS_MAX_LENGTH)} |`,
      `| the log of a run | ${count(LOG_LINES_MAX)} lines of ${count(LINE_MAX_LENGTH)} characters, ${count(LOG_MAX_LENGTH)} in all;`,
      `| events of a run | ${count(SENDS_MAX)}, each with ${bytes(EVENT_MAX_LENGTH)} of data |`,
    ];
    for (const row of rows) expect(limits).toContain(row);
  });

  it("tells only of reasons that there are", () => {
    const told = [...page.slice(page.indexOf("| reason |")).matchAll(/^\| (`\w+`(?:, `\w+`)*) \|/gm)].flatMap(
      ([, names = ""]) => names.replaceAll("`", "").split(", "),
    );
    expect(told.length).toBeGreaterThan(5);
    expect(FAILURE_REASONS).toEqual(expect.arrayContaining(told));
  });
});
