/**
 * How long the next occurrence takes, beside croner, cron-parser and cronosjs on the same expressions and zones.
 *
 * Run: node bench/next.ts [--json]. Every library gets its parsed object once, outside the measurement. *Walk* asks from
 * each answer for the next one; *single* asks from instants by chance within ten years. Rounds of all libraries are
 * interleaved and the median is taken, since the machine is shared.
 */
import { CronExpressionParser } from "cron-parser";
import { Cron } from "croner";
import { CronosExpression } from "cronosjs";
import { compile } from "../src/domain/recurrence/compile.ts";
import { cronLine } from "../src/domain/recurrence/cron.ts";

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly against?: string;
  readonly ratio?: number;
}

const EXPRESSIONS = [
  "* * * * *",
  "*/5 * * * *",
  "*/15 * * * * *",
  "0 9 * * *",
  "30 2 * * *",
  "0 0 1,15 * *",
  "0 9 * * MON-FRI",
  "0 0 29 2 *",
  "0 0 L * *",
  "0 12 * * 1#1",
];
const ZONES = ["UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata"];
const START = Date.UTC(2026, 0, 1);
const TEN_YEARS_MS = 10 * 365 * 86_400_000;
const ROUNDS = 5;
/** Ours is too quick for the clock to see a few; theirs too slow for many. */
const OUR_CALLS = 4_000;
const THEIR_CALLS = 25;

type Next = (from: number) => number;
interface Library {
  readonly name: string;
  readonly calls: number;
  readonly next: Next;
}

/** Medians in nanoseconds per call, per library. */
type Times = ReadonlyMap<string, number>;

/** Measures everything; figures of ours say against which library, the fastest of the three, and how many times faster. */
export function benchNext(): Figure[] {
  const figures: Figure[] = [];
  for (const expression of EXPRESSIONS) {
    for (const zone of ZONES) {
      const libraries = librariesFor(expression, zone);
      for (const mode of ["walk", "single"] as const) {
        const times = measure(libraries, mode === "walk");
        figures.push(figureOf(`next ${mode} ${expression} ${zone}`, times));
      }
    }
  }
  return figures;
}

function librariesFor(expression: string, zone: string): Library[] {
  const ours = compile({ kind: "calendar", lines: [cronLine(expression).text] }, zone);
  const croner = new Cron(expression, { timezone: zone, paused: true });
  const cronos = CronosExpression.parse(expression, { timezone: zone });
  const parser = CronExpressionParser.parse(expression, { tz: zone, currentDate: new Date(START) });
  return [
    { name: "carillon", calls: OUR_CALLS, next: (from) => ours.next(from) ?? START },
    { name: "croner", calls: THEIR_CALLS, next: (from) => croner.nextRun(new Date(from))?.getTime() ?? START },
    { name: "cronosjs", calls: THEIR_CALLS, next: (from) => cronos.nextDate(new Date(from))?.getTime() ?? START },
    { name: "cron-parser", calls: THEIR_CALLS, next: (from) => askParser(parser, from) },
  ];
}

function askParser(parser: ReturnType<typeof CronExpressionParser.parse>, from: number): number {
  parser.reset(new Date(from));
  try {
    return parser.next().getTime();
  } catch {
    // It gives up in some zones ("loop limit exceeded"); it is measured all the same, from the start again.
    return START;
  }
}

function measure(libraries: readonly Library[], isWalk: boolean): Times {
  const samples = new Map(libraries.map(({ name }) => [name, [] as number[]]));
  const instants = instantsByChance();
  // One round more than is counted: the first one warms up.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const { name, calls, next } of libraries) {
      const nanoseconds = isWalk ? timeWalk(next, calls) : timeSingle(next, calls, instants);
      if (round > 0) samples.get(name)?.push(nanoseconds);
    }
  }
  return new Map([...samples].map(([name, values]) => [name, median(values)]));
}

function timeWalk(next: Next, calls: number): number {
  const began = performance.now();
  let at = START;
  for (let call = 0; call < calls; call++) {
    // Walks stay within the ten years that single questions are asked in.
    at = next(at > START + TEN_YEARS_MS ? START : at);
  }
  return ((performance.now() - began) * 1e6) / calls;
}

function timeSingle(next: Next, calls: number, instants: readonly number[]): number {
  const began = performance.now();
  for (let call = 0; call < calls; call++) next(instants[call] ?? START);
  return ((performance.now() - began) * 1e6) / calls;
}

/** The same ones at every run: a plain congruential generator. */
function instantsByChance(): number[] {
  let seed = 20_260_101;
  return Array.from({ length: OUR_CALLS }, () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return START + Math.floor((seed / 2_147_483_647) * TEN_YEARS_MS);
  });
}

function figureOf(name: string, times: Times): Figure {
  const ours = times.get("carillon") ?? Number.NaN;
  const others = [...times].filter(([library]) => library !== "carillon").sort(([, one], [, other]) => one - other);
  const [against, theirs] = others[0] ?? ["none", Number.NaN];
  return { name, value: Math.round(ours), unit: "ns", against, ratio: Math.round(theirs / ours) };
}

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;

function printTable(figures: readonly Figure[]): void {
  console.log("Next occurrence, ns per call; parsing excluded for all alike; against the fastest of the other three\n");
  for (const { name, value, against, ratio } of figures) {
    console.log(
      `${name.padEnd(50)} ${String(value).padStart(7)} ns   ${String(ratio).padStart(5)} x faster than ${against}`,
    );
  }
  const ratios = figures.map(({ ratio }) => ratio ?? 0);
  console.log(`\nsmallest ratio ${Math.min(...ratios)}, median ${median(ratios)}`);
}

if (import.meta.main) {
  const figures = benchNext();
  if (process.argv.includes("--json")) for (const figure of figures) console.log(JSON.stringify(figure));
  else printTable(figures);
}
