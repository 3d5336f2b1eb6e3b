/** What docs/code-functions.md shows and says, run in isolates and compared with the code. */
import { describe, expect, it } from "vitest";
import page from "../../docs/code-functions.md?raw";
import { MODULES_MAX, MODULES_MAX_BYTES } from "../../src/domain/code/modules.ts";
import { FAILURE_REASONS } from "../../src/domain/run.ts";
import { OUTPUT_MAX_BYTES } from "../../src/executor/http-function.ts";
import { LOAD_TIME_MS } from "../../src/executor/inspect-modules.ts";
import { CODE_LIMITS } from "../../src/executor/isolate.ts";
import { LINE_MAX_LENGTH, LOG_LINES_MAX, LOG_MAX_LENGTH } from "../../src/executor/journal.ts";
import { code, leftOf, linesOf, makeCodeWorld, returned } from "../support/code-claim.ts";

const EXAMPLES = new Map(
  [...page.matchAll(/```js\n\/\/ (\S+)\n([\s\S]*?)```/g)].map(([, name = "", text = ""]) => [name, text]),
);
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

  it("tells the limits as they are", () => {
    const limits = page.slice(page.indexOf("## Limits"), page.indexOf("## When it goes wrong"));
    const numbers = [
      ...[MODULES_MAX, MODULES_MAX_BYTES, LOAD_TIME_MS, CODE_LIMITS.cpuMs, CODE_LIMITS.subRequests],
      ...[OUTPUT_MAX_BYTES, LOG_LINES_MAX, LINE_MAX_LENGTH, LOG_MAX_LENGTH],
    ];
    for (const number of numbers) expect(limits).toContain(` ${number}`);
  });

  it("tells only of reasons that there are", () => {
    const told = [...page.slice(page.indexOf("| reason |")).matchAll(/^\| (`\w+`(?:, `\w+`)*) \|/gm)].flatMap(
      ([, names = ""]) => names.replaceAll("`", "").split(", "),
    );
    expect(told.length).toBeGreaterThan(5);
    expect(FAILURE_REASONS).toEqual(expect.arrayContaining(told));
  });
});
