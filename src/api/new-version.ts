/** Reads a new version: everything that can be known to be wrong is refused before it is stored. */
import type { z } from "@hono/zod-openapi";
import type { Meta } from "../domain/code/meta.ts";
import { type Modules, modulePath } from "../domain/code/modules.ts";
import { functionNameOf } from "../domain/code/names.ts";
import { placeText } from "../domain/code/place.ts";
import type { InputIssue } from "../domain/errors.ts";
import type { FunctionSpec } from "../domain/function.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { specify } from "../domain/schedule-input.ts";
import { type AddressRules, readTarget } from "../http/address.ts";
import { seal } from "../http/seal.ts";
import { addressRules } from "./address-rules.ts";
import type { Ask } from "./input.ts";
import { type Code, type CodeFunction, readCode } from "./new-code.ts";
import { invalidInput, type Problem } from "./problem.ts";
import { headerIssues } from "./request-headers.ts";
import { FUNCTIONS_MAX, type NewFunction, type NewVersion } from "./version-json.ts";

type Given = z.output<typeof NewFunction>;
type Asking = Ask<unknown, unknown, z.output<typeof NewVersion>>;

/** What is stored: the functions, their header values sealed, and the modules of those that are code. */
export interface ReadVersion {
  readonly functions: readonly FunctionSpec[];
  readonly modules: Modules | null;
}

/** One function to be, with where its issues are told. */
interface Candidate {
  readonly given: Given;
  /** What found it in the modules; null for an http function. */
  readonly code: CodeFunction | null;
  readonly issue: (issue: InputIssue) => InputIssue;
}

/** The version, or everything that is wrong with it. */
export async function readVersion(ask: Asking): Promise<Result<ReadVersion, Problem>> {
  const { functions: listed = [], modules, main } = ask.body;
  const code = await readOptionalCode(ask);
  if (!code.ok) return code;
  if (main !== undefined && modules === undefined) return fail(invalidInput([MAIN_OF_NOTHING]));
  const candidates = candidatesOf(listed, code.value);
  const rules = addressRules(ask);
  const issues = [
    ...countIssues(candidates.length, code.value),
    ...candidates.flatMap((one, index) => [
      ...sameName(candidates, index),
      ...issuesOf(one, code.value, ask, rules).map(one.issue),
    ]),
  ];
  if (issues.length > 0) return fail(invalidInput(issues.slice(0, ISSUES_MAX)));
  const specs = await Promise.all(candidates.map((one) => toSpec(ask.env.CARILLON_KEY, one)));
  return ok({ functions: specs, modules: code.value?.modules ?? null });
}

/** What is wrong with two hundred functions is wrong with the first few. */
const ISSUES_MAX = 20;

const MAIN_OF_NOTHING: InputIssue = { path: "/main", message: "There are no modules.", expected: "modules beside it" };

/** The modules, loaded; null for a version that has none. */
async function readOptionalCode({ env, body }: Asking): Promise<Result<Code | null, Problem>> {
  const { functions = [], modules, main } = body;
  const listed = functions.findIndex((fn) => fn.kind === "code");
  if (modules === undefined && listed < 0) return ok(null);
  const path = modules === undefined ? `/functions/${listed}/kind` : "/modules";
  if (env.LOADER === undefined) return fail(codeUnavailable(path));
  if (modules === undefined)
    return fail(invalidInput([{ path, message: "There are no modules.", expected: "modules" }]));
  const code = await readCode(env.LOADER, modules, main);
  return code.ok ? code : fail(invalidInput(code.error.slice(0, ISSUES_MAX)));
}

/** The listed functions in their order, then those that only the modules know. */
function candidatesOf(listed: readonly Given[], code: Code | null): readonly Candidate[] {
  const first = listed.map((given, index) => ofListed(given, index, code));
  const taken = new Set(first.map((one) => one.code));
  const others = code?.functions.filter((one) => !taken.has(one)) ?? [];
  return [...first, ...others.map(ofFound)];
}

/** A listed function takes its place in the order, and what it says goes before what the export says. */
function ofListed(given: Given, index: number, code: Code | null): Candidate {
  const issue = (one: InputIssue): InputIssue => ({ ...one, path: `/functions/${index}${one.path}` });
  if (given.kind === "http" || code === null) return { given, code: null, issue };
  const found = code.functions.find((one) => one.export === given.export) ?? ofSameName(given, code);
  if (found === undefined) return { given, code: null, issue };
  const own = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return {
    given: { ...policiesOf(found.meta), ...own, name: given.name, kind: "code" },
    code: found,
    issue,
  };
}

/** An export need not be named where its name is the function's. */
const ofSameName = ({ name, export: exported }: Given, { functions }: Code): CodeFunction | undefined =>
  exported === undefined
    ? functions.find((one) => one.name === name || functionNameOf(one.export) === name)
    : undefined;

/** Its issues are told where it stands. */
function ofFound(code: CodeFunction): Candidate {
  const { name, place, meta } = code;
  return {
    given: { name, kind: "code", export: code.export, ...policiesOf(meta) },
    code,
    issue: (one) => ({
      ...one,
      path: modulePath(place.module),
      message: `${name} (${placeText(place)})${one.path === "" ? "" : `, ${one.path.slice(1)}`}: ${one.message}`,
    }),
  };
}

/** What an export says of itself, but for its name. */
const policiesOf = ({ schedule, timezone, retry, timeout, isolate, notifications }: Meta) => ({
  schedule,
  timezone,
  retry: typeof retry === "object" ? { ...retry } : retry,
  timeout,
  isolate,
  notifications: notifications?.map((one) => ({ ...one })),
});

function countIssues(count: number, code: Code | null): readonly InputIssue[] {
  const path = code === null ? "/functions" : "/modules";
  const expected = `1 to ${FUNCTIONS_MAX} functions`;
  if (count === 0 && code !== null)
    return [{ path, message: `${code.modules.main} exports no function.`, expected: "at least one exported function" }];
  if (count === 0) return [{ path, message: "There are no functions.", expected }];
  return count > FUNCTIONS_MAX ? [{ path, message: `There are ${count} functions.`, expected }] : [];
}

function issuesOf(one: Candidate, code: Code | null, ask: Asking, rules: AddressRules): readonly InputIssue[] {
  const { given } = one;
  const ofKind = given.kind === "http" ? httpIssues(given, rules) : codeIssues(one, code);
  return [...ofKind, ...scheduleIssues(given, ask)];
}

const httpIssues = (fn: Given, rules: AddressRules): readonly InputIssue[] => [
  ...urlIssues(fn, rules),
  ...headerIssues(fn.headers ?? {}),
  ...notFor(fn, "http", ["export", "isolate"]),
];

function codeIssues({ given, code: found }: Candidate, code: Code | null): readonly InputIssue[] {
  const misplaced = notFor(given, "code", ["url", "headers"]);
  if (found !== null || code === null) return misplaced;
  const exported = given.export ?? given.name;
  const message = code.exports.has(exported)
    ? `The export ${exported} of ${code.modules.main} is no function.`
    : `${code.modules.main} exports no ${exported.slice(0, 128)}.`;
  const expected =
    code.functions.length === 0
      ? "an exported function"
      : `one of ${code.functions
          .map((fn) => fn.export)
          .join(", ")
          .slice(0, 500)}`;
  return [...misplaced, { path: "/export", message, expected }];
}

const notFor = (fn: Given, kind: Given["kind"], fields: readonly (keyof Given)[]): readonly InputIssue[] =>
  fields
    .filter((field) => fn[field] !== undefined)
    .map((field) => ({ path: `/${field}`, message: `No ${kind} function has ${field}.`, expected: `no ${field}` }));

function urlIssues(fn: Given, rules: AddressRules): readonly InputIssue[] {
  const expected = "an https URL on the public Internet";
  const suggestion = "https://example.com/report";
  if (fn.url === undefined) return [{ path: "/url", message: "url is missing.", expected, suggestion }];
  const target = readTarget(fn.url, rules);
  return target.ok ? [] : [{ path: "/url", message: target.error, expected }];
}

/** The expression and the policies, read as they will be when the version is published. */
function scheduleIssues(fn: Given, ask: Asking): readonly InputIssue[] {
  const { schedule, timezone, retry, timeout, notifications } = fn;
  const input = { schedule: schedule ?? ALWAYS_FINE, timezone, retry, timeout, notifications };
  const spec = specify(input, { now: ask.now, timezone: "UTC", retryLimits: ask.config.retry });
  if (!spec.ok) return spec.error;
  return spec.value.recurrence.kind === "once" ? [ONLY_ONCE] : [];
}

/** What a function says of itself holds for as long as it is published. */
const ONLY_ONCE: InputIssue = {
  path: "/schedule",
  message: "It happens only once; a function's own schedule recurs.",
  expected: "a recurring expression; one-time schedules are created at run time",
  suggestion: "every day at 9am",
};

/** Stands in where a function has no schedule, so that its other fields are read all the same. */
const ALWAYS_FINE = "every day at 9:00 am";

function sameName(candidates: readonly Candidate[], index: number): readonly InputIssue[] {
  const one = candidates[index];
  const first = candidates.findIndex(({ given }) => given.name === one?.given.name);
  const before = candidates[first];
  if (one === undefined || before === undefined || first === index) return [];
  const where = before.code === null ? `The function at /functions/${first}` : `The export ${before.code.export}`;
  const expected = "a name that no other function of the version has";
  return [one.issue({ path: "/name", message: `${where} has the same name.`, expected })];
}

async function toSpec(key: string, { given, code }: Candidate): Promise<FunctionSpec> {
  const { name, kind, url, headers, schedule, timezone, retry, timeout, notifications, isolate } = given;
  const policies = { schedule, timezone, retry, timeout, notifications };
  if (code !== null) return { name, kind, export: code.export, isolate, ...policies };
  const spec = { name, kind, url, ...policies };
  const headerNames = Object.keys(headers ?? {});
  if (headerNames.length === 0) return spec;
  return { ...spec, headerNames, sealedHeaders: await seal(key, "function_headers", JSON.stringify(headers)) };
}

const codeUnavailable = (path: string): Problem => ({
  code: "code_functions_unavailable",
  detail: "This deployment calls http functions; it cannot run code, because it has no Worker Loader.",
  errors: [{ path, message: "This deployment cannot run code.", expected: "functions of the kind http" }],
});
