/** Holds input against a schema and says in words for people, path by path, what does not fit. */
import { z } from "@hono/zod-openapi";
import type { InputIssue } from "../domain/errors.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { nearest } from "./nearest.ts";

type ZodIssue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** What is wrong with a thousand fields is wrong with the first few. */
const ISSUES_MAX = 20;
const EXPECTED_WORDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "an object",
  array: "a list",
};

/** The input as its schema types it, or everything that is wrong with it. */
export function validate<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
): Result<z.output<Schema>, readonly InputIssue[]> {
  const parsed = schema.safeParse(input, { reportInput: true });
  if (parsed.success) return ok(parsed.data);
  const issues = parsed.error.issues.filter((issue, _, all) => !isBesideTheType(issue, all));
  return fail(issues.flatMap((issue) => inWords(issue, schema, [])).slice(0, ISSUES_MAX));
}

/** Of what is no list at all, it is not said how long it should be. */
const isBesideTheType = (issue: ZodIssue, all: readonly ZodIssue[]): boolean =>
  issue.code !== "invalid_type" &&
  all.some((other) => other.code === "invalid_type" && pointer(other.path) === pointer(issue.path));

function inWords(issue: ZodIssue, schema: z.ZodType, under: Path): readonly InputIssue[] {
  const path = [...under, ...issue.path];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.slice(0, ISSUES_MAX).map((key) => unknownField(key, path, fieldsAt(schema, path)));
    case "invalid_union":
      return ofUnion(issue, schema, path);
    case "invalid_type":
      return [wrongType(path, issue.input, EXPECTED_WORDS[issue.expected] ?? issue.expected)];
    case "invalid_value":
      return [wrongValue(path, issue.input, issue.values.map(String))];
    case "too_small":
    case "too_big":
      return [wrongSize(path, issue)];
    default:
      return [{ path: pointer(path), message: issue.message }];
  }
}

function unknownField(key: string, path: Path, known: readonly string[]): InputIssue {
  const near = nearest(key, known);
  return {
    path: pointer([...path, key]),
    message: `There is no field "${key.slice(0, 64)}" here.`,
    ...(known.length === 0 ? {} : { expected: `one of ${known.join(", ")}` }),
    ...(near === undefined ? {} : { suggestion: near }),
  };
}

function wrongType(path: Path, input: unknown, expected: string): InputIssue {
  const message = input === undefined ? `${nameOf(path)} is missing.` : `${nameOf(path)} is ${kindOf(input)}.`;
  return { path: pointer(path), message, expected };
}

function wrongValue(path: Path, input: unknown, values: readonly string[]): InputIssue {
  if (input === undefined) return wrongType(path, input, listed(values));
  const near = typeof input === "string" ? nearest(input, values) : undefined;
  return {
    path: pointer(path),
    message: `${nameOf(path)} has a value that is not known here.`,
    expected: listed(values),
    ...(near === undefined ? {} : { suggestion: near }),
  };
}

function wrongSize(path: Path, issue: Extract<ZodIssue, { code: "too_small" | "too_big" }>): InputIssue {
  const unit = issue.origin === "string" ? " characters" : issue.origin === "array" ? " items" : "";
  const bound = issue.code === "too_small" ? `at least ${issue.minimum}` : `at most ${issue.maximum}`;
  const size = issue.code === "too_small" ? "small" : "large";
  const short = issue.code === "too_small" ? "short" : "long";
  return {
    path: pointer(path),
    message: `${nameOf(path)} is too ${unit === "" ? size : short}.`,
    expected: bound + unit,
  };
}

/** Of the alternatives, the one that the input was closest to being: the one that got furthest into it. */
function ofUnion(
  issue: Extract<ZodIssue, { code: "invalid_union" }>,
  schema: z.ZodType,
  path: Path,
): readonly InputIssue[] {
  if ("options" in issue && issue.discriminator !== undefined) return ofTagged(issue.discriminator, issue, path);
  const reached = issue.errors.filter((errors) => !errors.some(isAboutTheWhole));
  const [closest] = reached;
  if (closest !== undefined) return closest.flatMap((inner) => inWords(inner, schema, path));
  const expected = issue.errors.flat().filter(isAboutTheWhole).map(expectedOf);
  return [wrongType(path, issue.input, [...new Set(expected)].join(" or "))];
}

/** The field that tells the alternatives apart names none of them. */
function ofTagged(
  tag: string,
  issue: { readonly input?: unknown; readonly options?: readonly unknown[] },
  path: Path,
): readonly InputIssue[] {
  const { input, options = [] } = issue;
  const given = typeof input === "object" && input !== null ? Object.entries(input).find(([name]) => name === tag) : [];
  return [wrongValue(path, given?.[1], options.map(String))];
}

const isAboutTheWhole = (issue: ZodIssue): boolean => issue.path.length === 0 && issue.code === "invalid_type";

const expectedOf = (issue: ZodIssue): string =>
  issue.code === "invalid_type" ? (EXPECTED_WORDS[issue.expected] ?? issue.expected) : "another value";

/** The fields of the object that the schema describes at a path, through lists, options and alternatives. */
function fieldsAt(schema: unknown, path: Path): readonly string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault) {
    return fieldsAt(schema.unwrap(), path);
  }
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option: unknown) => fieldsAt(option, path));
  const [step, ...rest] = path;
  if (schema instanceof z.ZodArray) return step === undefined ? [] : fieldsAt(schema.element, rest);
  if (!(schema instanceof z.ZodObject)) return [];
  return step === undefined ? Object.keys(schema.shape) : fieldsAt(schema.shape[String(step)], rest);
}

const pointer = (path: Path): string =>
  path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

/** An item of a list is called by the list: `formats/0`. */
function nameOf(path: Path): string {
  if (path.length === 0) return "The body";
  return path.slice(typeof path.at(-1) === "number" ? -2 : -1).join("/");
}

const listed = (values: readonly string[]): string =>
  values.length === 1 ? `${values[0]}` : `${values.slice(0, -1).join(", ")} or ${values.at(-1)}`;

function kindOf(input: unknown): string {
  if (input === null) return "null";
  if (Array.isArray(input)) return "a list";
  if (typeof input === "number") return Number.isInteger(input) ? "a number" : "a fraction";
  return EXPECTED_WORDS[typeof input] ?? "something else";
}
