/** What was thrown, in words: whatever it is, and whatever its getters do. */
import { inspect } from "node:util";

const { apply } = Reflect;
const { slice } = String.prototype;

const FAILURE = Symbol.for("carillon.failure");

const WORDS_MAX_LENGTH = 4_096;
const STACK_MAX_LENGTH = 16_384;

export const cut = (text, length) => (text.length > length ? apply(slice, text, [0, length]) : text);

/** The frames are at its end; a message may be of any length. */
const cutStack = (stack) => (stack.length > STACK_MAX_LENGTH ? apply(slice, stack, [-STACK_MAX_LENGTH]) : stack);

/** Whatever was thrown, as texts. A getter of it may throw as well. */
export function tell(thrown) {
  const isObject = (typeof thrown === "object" && thrown !== null) || typeof thrown === "function";
  const message = isObject ? textAt(thrown, "message") : "";
  const stack = isObject ? textAt(thrown, "stack") : "";
  if (message === "" && stack === "") return { name: "", message: inWords(thrown), stack: "", caused: null };
  return {
    name: cut(textAt(thrown, "name"), 100),
    message: cut(message, WORDS_MAX_LENGTH),
    stack: cutStack(stack),
    caused: causeOf(thrown),
  };
}

function causeOf(thrown) {
  try {
    const { cause } = thrown;
    if (typeof cause !== "object" || cause === null) return null;
    return {
      message: cut(textAt(cause, "message"), WORDS_MAX_LENGTH),
      stack: cutStack(textAt(cause, "stack")),
    };
  } catch {
    return null;
  }
}

function textAt(thing, name) {
  try {
    const value = thing[name];
    return typeof value === "string" ? value : "";
  } catch {
    return "";
  }
}

function inWords(value) {
  try {
    return cut(typeof value === "string" ? value : inspect(value), WORDS_MAX_LENGTH);
  } catch {
    return "a value that cannot be shown";
  }
}

/** Marked, not told by its class: an author's bundle may hold a `Failure` of its own. */
export function isFailure(value) {
  try {
    return typeof value === "object" && value !== null && value[FAILURE] === true;
  } catch {
    return false;
  }
}

export function retryOf(failure) {
  try {
    const { retry } = failure;
    if (retry === false) return "never";
    const after = retry?.after;
    return typeof after === "number" ? { after } : null;
  } catch {
    return null;
  }
}
