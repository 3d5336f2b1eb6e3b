/** What went wrong with code, in our words: the platform's own refusals, and what the harness told of an exception. */
import type { Place } from "../domain/code/place.ts";
import { authorsFrames } from "../domain/code/stack.ts";
import type { RunError } from "../domain/run.ts";

const MESSAGE_MAX_LENGTH = 4_096;
const STACK_MAX_LENGTH = 8_192;

/** `Failed to start Worker:\nUncaught SyntaxError: Unexpected token ';'\n  at lib/b.js:1:17`; the column is not always there. */
const START_FAILURE =
  /^Failed to start Worker:\s*(?:Uncaught )?([\s\S]*?)(?:\n\s*at (\S+?):(\d+)(?::(\d+))?\s*(?:\n[\s\S]*)?)?$/;

/** The platform's refusals that more of the same runs into again. */
const LIMITS: readonly (readonly [RegExp, string])[] = [
  [/exceeded\b.*\bcpu|cpu time limit/i, "The run used more CPU time than it may."],
  [/exceeded\b.*\bmemory|memory limit/i, "The run used more memory than it may."],
  [/too many subrequests/i, "The run made more requests than it may."],
];

/** What was thrown in the isolate, as its harness tells. Every field is from outside. */
export interface Told {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  readonly caused: { readonly message: string; readonly stack: string } | null;
}

/** An isolate that could not start, and where in which module; null when that is not what happened. */
export function startFailure(cause: unknown): { readonly message: string; readonly place: Place | null } | null {
  const [, message = "", module, line, column] = START_FAILURE.exec(textOf(cause)) ?? [];
  if (message === "") return null;
  const place = module === undefined ? null : { module, line: Number(line), column: Number(column ?? 1) };
  return { message: message.trim().slice(0, MESSAGE_MAX_LENGTH), place };
}

/** What the platform refused, or how the isolate was lost. */
export function platformError(cause: unknown): RunError {
  const start = startFailure(cause);
  if (start !== null) {
    const { message, place } = start;
    const stack = place === null ? {} : { stack: `${place.module}:${place.line}:${place.column}` };
    return { reason: "load_failed", message: `The modules could not be loaded: ${message}`, ...stack };
  }
  const text = textOf(cause);
  return limitError(text) ?? { reason: "exception", message: `The isolate of the run was lost: ${text}` };
}

/** What the code threw. */
export function thrownError(
  reason: "exception" | "reported" | "load_failed",
  told: Told,
  modules: ReadonlySet<string>,
): RunError {
  const limit = limitError(told.message);
  const stack = stackOf(told, modules);
  const beside = stack === "" ? {} : { stack };
  if (limit !== null) return { ...limit, ...beside };
  const named = reason === "reported" || told.name === "" ? told.message : `${told.name}: ${told.message}`;
  const said = reason === "load_failed" ? `The modules could not be loaded: ${named}` : named;
  return { reason, message: said.slice(0, MESSAGE_MAX_LENGTH) || "It threw without a word.", ...beside };
}

/** The author's own frames, and those of what caused it. */
function stackOf({ stack, caused }: Told, modules: ReadonlySet<string>): string {
  const own = authorsFrames(stack, modules);
  if (caused === null || caused.message === "") return own.slice(0, STACK_MAX_LENGTH);
  const below = authorsFrames(caused.stack, modules);
  return [own, `caused by: ${caused.message}`, below]
    .filter((part) => part !== "")
    .join("\n")
    .slice(0, STACK_MAX_LENGTH);
}

function limitError(text: string): RunError | null {
  const limit = LIMITS.find(([pattern]) => pattern.test(text));
  return limit === undefined ? null : { reason: "limit_exceeded", message: limit[1] };
}

/** Without what the platform adds for its support staff. */
const textOf = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause))
    .replace(/;? ?reference = \w+/, "")
    .slice(0, MESSAGE_MAX_LENGTH);
