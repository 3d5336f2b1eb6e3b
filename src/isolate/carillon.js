/**
 * What code functions are written with. The platform provides it inside an isolate as `carillon`; the same file is
 * imported by unit tests on one's own machine. It reads nothing and keeps nothing: fn gives a function its meta.
 */
const META = Symbol.for("carillon.meta");
const FAILURE = Symbol.for("carillon.failure");

/** A function with its meta, or without any. What is returned can be called like the function itself. */
export function fn(meta, given) {
  const [own, work] = typeof meta === "function" ? [{}, meta] : [meta, given];
  if (typeof work !== "function") throw new TypeError("fn takes a function: fn(meta, function) or fn(function).");
  if (own === null || typeof own !== "object")
    throw new TypeError("The meta of fn is an object: fn({ schedule }, function).");
  const callable = work.bind(undefined);
  Object.defineProperty(callable, META, { value: Object.freeze({ ...own }) });
  return callable;
}

/** Thrown or returned, it fails the run; `retry: false` ends the tries, `retry: { after: ms }` asks to wait that long. */
export class Failure extends Error {
  constructor(message, options = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.name = "Failure";
    this.retry = options.retry;
    Object.defineProperty(this, FAILURE, { value: true });
  }
}

export const text = (content, options = {}) => ({ kind: "text", text: content, ...options });

export const markdown = (content, options = {}) => ({ kind: "markdown", text: content, ...options });

export const table = (rows, options = {}) => ({ kind: "table", rows, ...options });

export const metric = (label, value, options = {}) => ({ kind: "metric", label, value, ...options });

export const chart = (type, rows, options) => ({ kind: "chart", type, rows, ...options });

export const html = (content, options = {}) => ({ kind: "html", html: content, ...options });
