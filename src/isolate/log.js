/** What the author's code writes: caught from the console, capped, and pushed to the host while the run goes on. */
import { AsyncLocalStorage } from "node:async_hooks";
import { format } from "node:util";
import { cut } from "./words.js";

const { apply } = Reflect;
const { toISOString } = Date.prototype;
const { now } = Date;
const { hasOwn } = Object;
const { setTimeout: later, clearTimeout: never, Date: Instant } = globalThis;

const storage = new AsyncLocalStorage();
const { getStore, run: runWith } = AsyncLocalStorage.prototype;

const LINES_MAX = 1_000;
const LOG_MAX_LENGTH = 65_536;
const LINE_MAX_LENGTH = 8_192;
/** Lines travel to the host this long after the first of them, so that those of a run that is cut off are kept too. */
const PUSH_AFTER_MS = 250;

/** An empty log, of one run. */
export const newLog = () => ({ lines: [], count: 0, length: 0, truncated: false, timer: null });

/** The calls that are going on, for what comes without saying whose it is. */
const going = { count: 0, scope: null };

/** Does the work of one call: what is written meanwhile is its function's. The answer brings the lines that were not pushed. */
export async function inScope(scope, work) {
  const { log } = scope;
  going.count += 1;
  going.scope = scope;
  const answer = await apply(runWith, storage, [scope, work]);
  going.count -= 1;
  if (log.timer !== null) never(log.timer);
  log.timer = null;
  return { ...answer, lines: takeLines(log), truncated: log.truncated };
}

/** Writes a line, if there is room. */
export function note(scope, level, values) {
  const { log, fn } = scope;
  if (log.truncated) return;
  const whole = say(values);
  const text = whole.length > LINE_MAX_LENGTH ? `${cut(whole, LINE_MAX_LENGTH - 1)}\u2026` : whole;
  log.length += text.length;
  log.count += 1;
  log.truncated = log.count > LINES_MAX || log.length > LOG_MAX_LENGTH;
  if (log.truncated) return;
  log.lines[log.lines.length] = { at: apply(toISOString, new Instant(now()), []), fn, level, text };
  pushLater(scope);
}

/** As the console of Node says it. Long texts are cut before they are put together. */
function say(values) {
  try {
    const short = [];
    for (let index = 0; index < values.length; index += 1)
      short[index] = typeof values[index] === "string" ? cut(values[index], LINE_MAX_LENGTH + 1) : values[index];
    return apply(format, undefined, short);
  } catch {
    return "a line that cannot be shown";
  }
}

function pushLater(scope) {
  const { log } = scope;
  if (log.timer !== null) return;
  try {
    log.timer = later(() => {
      log.timer = null;
      push(scope);
    }, PUSH_AFTER_MS);
  } catch {
    // While modules are loaded there are no timers: these lines go with the answer.
  }
}

async function push({ log, hand }) {
  try {
    await hand.log(takeLines(log), log.truncated);
  } catch {
    // The run is over, and its host takes no more lines.
  }
}

function takeLines(log) {
  const { lines } = log;
  log.lines = [];
  return lines;
}

const LEVELS = {
  debug: "debug",
  log: "log",
  info: "info",
  warn: "warn",
  error: "error",
  trace: "debug",
  dir: "log",
  table: "log",
};

/** All of the console's methods: whatever is not a line is not written anywhere else either. */
for (const method of Object.keys(console))
  console[method] = (...values) => {
    const scope = apply(getStore, storage, []);
    if (scope !== undefined && hasOwn(LEVELS, method)) note(scope, LEVELS[method], values);
  };

console.assert = (holds, ...values) => {
  const scope = apply(getStore, storage, []);
  if (!holds && scope !== undefined) note(scope, "error", values.length === 0 ? ["Assertion failed"] : values);
};

/** It comes outside of any call; where only one is going on, it is that one's. */
addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  if (going.count === 1) note(going.scope, "error", ["A promise was rejected and nobody was there:", event.reason]);
});
