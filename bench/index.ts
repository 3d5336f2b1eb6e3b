/** `npm run bench`: every figure beside what it is compared to; `-- --json` prints a line each; `-- NAME` runs one. */
import { measureCaptures } from "./captures.ts";
import { measureApp, measureCode, measurePublication } from "./code.ts";
import { measureConsole } from "./console.ts";
import { measureDeliveries } from "./deliveries.ts";
import { measureFlood } from "./flood.ts";
import { measureKill } from "./kill.ts";
import { measureKillNews } from "./kill-news.ts";
import { benchNext, type Figure } from "./next.ts";
import { BenchReceiver } from "./receiver.ts";
import { BenchServer } from "./server.ts";
import { countRun, type Ground, measureBurst, measureCreates, measureSteady, measureStored } from "./workloads.ts";

const ON_SERVER: Readonly<Record<string, (ground: Ground) => Promise<Figure[]>>> = {
  creates: measureCreates,
  burst: measureBurst,
  steady: measureSteady,
  stored: measureStored,
  kill: measureKill,
  "kill-news": measureKillNews,
  flood: measureFlood,
  count: countRun,
  code: measureCode,
  app: measureApp,
  publication: measurePublication,
  captures: measureCaptures,
  deliveries: measureDeliveries,
};

const asked = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const isAsked = (name: string): boolean => asked.length === 0 || asked.includes(name);
const asJson = process.argv.includes("--json");

function print(figures: readonly Figure[]): void {
  for (const figure of figures) {
    if (asJson) console.log(JSON.stringify(figure));
    else console.log(inWords(figure));
  }
}

function inWords({ name, value, unit, against, ratio }: Figure): string {
  const beside =
    against === undefined ? "" : `  (${against}${ratio === undefined ? "" : `; ratio ${ratio.toFixed(2)}`})`;
  return `${name.padEnd(76)} ${String(value).padStart(9)} ${unit}${beside}`;
}

if (isAsked("next")) print(benchNext());
if (isAsked("console")) print(await measureConsole());
const workloads = Object.entries(ON_SERVER).filter(([name]) => isAsked(name));
if (workloads.length > 0) {
  const receiver = await BenchReceiver.start();
  const server = await BenchServer.start(receiver.url);
  try {
    const { token } = await server.post<{ token: string }>("/bench/workspace");
    for (const [, workload] of workloads) print(await workload({ server, receiver, token }));
  } finally {
    server.kill();
    receiver.stop();
  }
}
