/** Reads what an isolate answers. The author's code shares its realm, so nothing of it is believed unseen. */
import type { Json } from "../domain/json.ts";
import { fieldOf, isObject, numberIn, textIn } from "./foreign.ts";
import { type CallResult, OUTPUT_MAX_BYTES } from "./http-function.ts";
import { type Told, thrownError } from "./isolate-trouble.ts";

/** How deep an output may be nested; the harness refuses before, in words that say where. */
const DEPTH_MAX = 64;

const NAME_MAX_LENGTH = 100;
const MESSAGE_MAX_LENGTH = 4_096;
/** Before it is cut to the author's frames. */
const STACK_MAX_LENGTH = 16_384;

type Failed = Extract<CallResult, { kind: "failed" }>;

/** The answer to one call as its result. */
export function readCallAnswer(answer: unknown, modules: ReadonlySet<string>): CallResult {
  switch (textIn(answer, "kind")) {
    case "value":
      return readValue(textIn(answer, "json"));
    case "failure":
      return { kind: "failed", error: thrownError("reported", readTold(answer), modules), ...readRetry(answer) };
    case "threw":
      return { kind: "failed", error: thrownError("exception", readTold(answer), modules) };
    case "load":
      return { kind: "failed", error: thrownError("load_failed", readTold(answer), modules) };
    case "missing":
      return { kind: "failed", error: { reason: "function_missing", message: "The main module does not export it." } };
    case "unserialisable":
      return unserialisable(textIn(answer, "path"), textIn(answer, "what"));
    case "too_large":
      return tooLarge();
    default:
      return strange();
  }
}

/** What was thrown, of the shapes and within the lengths that it must have. */
export function readTold(answer: unknown): Told {
  const caused = fieldOf(answer, "caused");
  return {
    name: textIn(answer, "name").slice(0, NAME_MAX_LENGTH),
    message: textIn(answer, "message").slice(0, MESSAGE_MAX_LENGTH),
    stack: textIn(answer, "stack").slice(-STACK_MAX_LENGTH),
    caused: isObject(caused)
      ? {
          message: textIn(caused, "message").slice(0, MESSAGE_MAX_LENGTH),
          stack: textIn(caused, "stack").slice(-STACK_MAX_LENGTH),
        }
      : null,
  };
}

function readValue(json: string): CallResult {
  if (json.length > OUTPUT_MAX_BYTES) return tooLarge();
  try {
    const value = parseJson(json);
    return isShallow(value, DEPTH_MAX) ? { kind: "value", value } : strange();
  } catch {
    return strange();
  }
}

function readRetry(answer: unknown): Pick<Failed, "retry"> {
  if (textIn(answer, "retry") === "never") return { retry: "never" };
  const after = numberIn(fieldOf(answer, "retry"), "after");
  return after === null || after < 0 ? {} : { retry: { after } };
}

const unserialisable = (path: string, what: string): Failed => ({
  kind: "failed",
  error: {
    reason: "output_invalid",
    message: `It returned what cannot be kept as JSON: the value${path.slice(0, 500)} is ${what.slice(0, 200)}.`,
  },
});

const tooLarge = (): Failed => ({
  kind: "failed",
  error: {
    reason: "response_too_large",
    message: `It returned more than the ${OUTPUT_MAX_BYTES} bytes that an output may have.`,
  },
});

const strange = (): Failed => ({
  kind: "failed",
  error: { reason: "output_invalid", message: "The isolate gave an answer that is none." },
});

const isShallow = (value: unknown, levels: number): boolean =>
  !isObject(value) || (levels > 0 && Object.values(value).every((inner) => isShallow(inner, levels - 1)));

const parseJson = (text: string): Json => JSON.parse(text) as Json;
