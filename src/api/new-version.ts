/** Reads the functions of a new version: everything that can be known to be wrong is refused before it is stored. */
import type { z } from "@hono/zod-openapi";
import type { InputIssue } from "../domain/errors.ts";
import type { FunctionSpec } from "../domain/function.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { specify } from "../domain/schedule-input.ts";
import { type AddressRules, readTarget } from "../http/address.ts";
import { seal } from "../http/seal.ts";
import type { Ask } from "./input.ts";
import { invalidInput, type Problem } from "./problem.ts";
import { headerIssues } from "./request-headers.ts";
import type { NewFunction, NewVersion } from "./version-json.ts";

type Given = z.output<typeof NewFunction>;
type Asking = Ask<unknown, unknown, z.output<typeof NewVersion>>;

/** The functions as they are stored, their header values sealed. */
export async function readFunctions(ask: Asking): Promise<Result<readonly FunctionSpec[], Problem>> {
  const { functions, modules } = ask.body;
  const code = functions.findIndex((fn) => fn.kind === "code");
  if (modules !== undefined || code >= 0)
    return fail(codeUnavailable(code < 0 ? "/modules" : `/functions/${code}/kind`));
  const rules = addressRules(ask);
  const issues = functions.flatMap((fn, index) => [
    ...sameName(functions, index),
    ...issuesOf(fn, ask, rules).map((issue) => ({ ...issue, path: `/functions/${index}${issue.path}` })),
  ]);
  if (issues.length > 0) return fail(invalidInput(issues));
  return ok(await Promise.all(functions.map((fn) => toSpec(ask.env.CARILLON_KEY, fn))));
}

function issuesOf(fn: Given, ask: Asking, rules: AddressRules): readonly InputIssue[] {
  return [...urlIssues(fn, rules), ...headerIssues(fn.headers ?? {}), ...exportIssues(fn), ...scheduleIssues(fn, ask)];
}

function urlIssues(fn: Given, rules: AddressRules): readonly InputIssue[] {
  const expected = "an https URL on the public Internet";
  const suggestion = "https://example.com/report";
  if (fn.url === undefined) return [{ path: "/url", message: "url is missing.", expected, suggestion }];
  const target = readTarget(fn.url, rules);
  return target.ok ? [] : [{ path: "/url", message: target.error, expected }];
}

const exportIssues = (fn: Given): readonly InputIssue[] =>
  fn.export === undefined
    ? []
    : [{ path: "/export", message: "Only a code function has an export.", expected: "no export" }];

/** The expression and the policies, read as they will be when the version is published. */
function scheduleIssues(fn: Given, ask: Asking): readonly InputIssue[] {
  const { schedule, timezone, retry, timeout } = fn;
  const input = { schedule: schedule ?? ALWAYS_FINE, timezone, retry, timeout };
  const spec = specify(input, { now: ask.now, timezone: "UTC", retryLimits: ask.config.retry });
  return spec.ok ? [] : spec.error;
}

/** Stands in where a function has no schedule, so that its other fields are read all the same. */
const ALWAYS_FINE = "every day at 9:00 am";

function sameName(functions: readonly Given[], index: number): readonly InputIssue[] {
  const name = functions[index]?.name;
  const first = functions.findIndex((fn) => fn.name === name);
  if (first === index) return [];
  return [
    {
      path: `/functions/${index}/name`,
      message: `The function at /functions/${first} has the same name.`,
      expected: "a name that no other function of the version has",
    },
  ];
}

const addressRules = ({ config, request }: Asking): AddressRules => ({
  allowLoopback: config.allowLoopback,
  // A loopback address is local development, where this scheduler and its functions share a host.
  ownHosts: [...new Set([config.publicUrl ?? request.url, request.url].map((url) => new URL(url).hostname))].filter(
    (host) => !config.allowLoopback || host.includes("."),
  ),
});

async function toSpec(key: string, fn: Given): Promise<FunctionSpec> {
  const { name, kind, url, headers, schedule, timezone, retry, timeout } = fn;
  const spec = { name, kind, url, schedule, timezone, retry, timeout };
  const headerNames = Object.keys(headers ?? {});
  if (headerNames.length === 0) return spec;
  return { ...spec, headerNames, sealedHeaders: await seal(key, "function_headers", JSON.stringify(headers)) };
}

const codeUnavailable = (path: string): Problem => ({
  code: "code_functions_unavailable",
  detail: "This deployment calls http functions; it cannot run code yet.",
  errors: [{ path, message: "This deployment cannot run code.", expected: "functions of the kind http" }],
});
