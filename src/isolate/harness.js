/**
 * The main module of every isolate: it loads the author's main module, calls its functions, and tells what they did. The
 * author's code shares its realm, so what it and its neighbours need is taken before that code is loaded, and nothing goes
 * through a global, a prototype or an iterator that the author could replace. The host believes none of the answers: it
 * checks them.
 */
import { RpcTarget, WorkerEntrypoint } from "cloudflare:workers";
import { TooLarge, toJson, Unserialisable } from "./json.js";
import { inScope, newLog, note } from "./log.js";
import { cut, isFailure, retryOf, tell } from "./words.js";

const META = Symbol.for("carillon.meta");

const { ownKeys } = Reflect;
const { freeze } = Object;
const { parse } = JSON;
const { TypeError: WrongType, Error: Trouble } = globalThis;

/** A platform cache would be one memory for all that runs on it. */
for (let at = globalThis; at !== null; at = Object.getPrototypeOf(at)) Reflect.deleteProperty(at, "caches");

const OUTPUT_MAX_BYTES = 1_048_576;
const META_MAX_BYTES = 16_384;
const EVENT_MAX_BYTES = 65_536;
const EXPORTS_MAX = 1_000;

// What a function is given.

function runOf(facts, scope) {
  const { hand, fn } = scope;
  const send = async (event, data) => {
    const answer = await hand.send(fn, `${event}`, eventJson(event, data));
    if (answer?.ok !== true) throw new Trouble(`${event}: ${answer?.message}`);
    return answer.value;
  };
  return freeze({
    ...facts,
    log: (...values) => note(scope, "log", values),
    send,
    schedules: freeze({
      create: (schedule) => send("hot:schedule:new", schedule),
      cancel: (id) => send("hot:schedule:cancel", { "schedule-id": id }),
      cancelAll: (name) => send("hot:schedule:cancel", { fn: name }),
    }),
  });
}

function eventJson(event, data) {
  try {
    return toJson(data, EVENT_MAX_BYTES);
  } catch (trouble) {
    if (trouble instanceof Unserialisable) throw new WrongType(`${event}: data${trouble.path} is ${trouble.what}.`);
    if (trouble instanceof TooLarge) throw new WrongType(`${event}: data takes more than ${EVENT_MAX_BYTES} bytes.`);
    throw trouble;
  }
}

// What the host calls.

/** One run. All of its functions are called in one session, which is one request: they share `/tmp`, and it goes with it. */
class Session extends RpcTarget {
  #facts;
  #main;
  #hand;
  #log = newLog();

  constructor(facts, main, hand) {
    super();
    this.#facts = facts;
    this.#main = main;
    this.#hand = hand;
  }

  /** The run is over. What would still be held is let go, or the platform takes the request for one that hangs. */
  [Symbol.dispose]() {
    this.#hand[Symbol.dispose]();
  }

  async call(exported, fn, args) {
    const scope = { fn, log: this.#log, hand: this.#hand };
    return inScope(scope, () => carryOut(this.#main, exported, parse(args), runOf(this.#facts, scope)));
  }
}

async function carryOut(main, exported, args, run) {
  let work;
  try {
    work = (await import(`../${main}`))[exported];
  } catch (thrown) {
    return { kind: "load", ...tell(thrown) };
  }
  if (typeof work !== "function") return { kind: "missing" };
  try {
    const value = await work(args, run);
    return isFailure(value) ? { kind: "failure", ...tell(value), retry: retryOf(value) } : answerOf(value);
  } catch (thrown) {
    return isFailure(thrown)
      ? { kind: "failure", ...tell(thrown), retry: retryOf(thrown) }
      : { kind: "threw", ...tell(thrown) };
  }
}

function answerOf(value) {
  try {
    return { kind: "value", json: toJson(value, OUTPUT_MAX_BYTES) };
  } catch (trouble) {
    if (trouble instanceof Unserialisable) return { kind: "unserialisable", path: trouble.path, what: trouble.what };
    if (trouble instanceof TooLarge) return { kind: "too_large" };
    throw trouble;
  }
}

/** One export, with its meta as JSON. */
function exportOf(module, name) {
  const value = module[name];
  if (typeof value !== "function") return { name, callable: false };
  try {
    const meta = value[META];
    return meta === undefined ? { name, callable: true } : { name, callable: true, meta: toJson(meta, META_MAX_BYTES) };
  } catch (trouble) {
    const what =
      trouble instanceof Unserialisable
        ? `${trouble.path || "it"} is ${trouble.what}`
        : "it is too large, or cannot be read";
    return { name, callable: true, trouble: cut(what, 500) };
  }
}

export default class Harness extends WorkerEntrypoint {
  async inspect(main) {
    try {
      const module = await import(`../${main}`);
      const found = [];
      const names = ownKeys(module);
      for (let index = 0; index < names.length && found.length < EXPORTS_MAX; index += 1)
        if (typeof names[index] === "string") found[found.length] = exportOf(module, names[index]);
      return { kind: "loaded", exports: found };
    } catch (thrown) {
      return { kind: "load", ...tell(thrown) };
    }
  }

  async open(facts, main, hand) {
    // A stub that came with a call ends with the call, unless it is kept.
    return new Session(facts, main, hand.dup());
  }
}
