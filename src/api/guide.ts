/** The OpenAPI document, arranged for reading: operations by subject, each with its fields and an example call. */
import type { ApiDocument } from "./document.ts";

type Paths = NonNullable<ApiDocument["paths"]>;
type PathItem = Paths[string];
type DocumentOperation = NonNullable<PathItem["get"]>;
type Parameters = NonNullable<DocumentOperation["parameters"]>;

/** A parameter, or a field of a body. */
export interface GuideField {
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly description: string;
}

/** An operation, ready to be drawn. */
export interface GuideOperation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  readonly parameters: readonly GuideField[];
  readonly fields: readonly GuideField[];
  readonly answers: readonly { readonly status: string; readonly description: string }[];
  readonly curl: string;
}

/** The operations on one subject. */
export interface GuideSection {
  readonly subject: string;
  readonly operations: readonly GuideOperation[];
}

const METHODS = ["get", "post", "put", "patch", "delete"] as const;

/** The sections, in the order in which their first operation appears. */
export function guideOf(document: ApiDocument, origin: string): readonly GuideSection[] {
  const sections = new Map<string, GuideOperation[]>();
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const method of METHODS) {
      const operation = item[method];
      if (operation === undefined) continue;
      const [subject = ""] = operation.tags ?? [];
      const entry = entryOf(document, { method, path, operation, origin });
      sections.set(subject, [...(sections.get(subject) ?? []), entry]);
    }
  }
  return [...sections].map(([subject, operations]) => ({ subject, operations }));
}

interface Described {
  readonly method: string;
  readonly path: string;
  readonly operation: DocumentOperation;
  readonly origin: string;
}

function entryOf(document: ApiDocument, described: Described): GuideOperation {
  const { method, path, operation } = described;
  return {
    id: operation.operationId ?? `${method}-${path}`,
    method: method.toUpperCase(),
    path,
    summary: operation.summary ?? "",
    description: operation.description ?? "",
    parameters: (operation.parameters ?? []).flatMap(parameterOf),
    fields: fieldsOf(document, schemaOf(bodyOf(operation)?.schema)),
    answers: Object.entries(operation.responses ?? {}).map(([status, response]) => ({
      status,
      description: textOf(response, "description"),
    })),
    curl: curlOf(described),
  };
}

function parameterOf(parameter: Parameters[number]): readonly GuideField[] {
  if (!("in" in parameter)) return [];
  const { name, required, description, schema } = parameter;
  const place = parameter.in === "path" ? "" : `, ${parameter.in}`;
  return [
    {
      name,
      type: `${typeOf(schemaOf(schema))}${place}`,
      isRequired: required === true,
      description: description ?? textOf(schema, "description"),
    },
  ];
}

/** What holds the token in an example call, where it is not one of the API's own. */
const TOKEN_NAMES: Readonly<Record<string, string>> = {
  runToken: "RUN_TOKEN",
  pageToken: "PAGE_TOKEN",
  operatorToken: "OPERATOR_TOKEN",
};

function curlOf({ method, path, operation, origin }: Described): string {
  const lines = [`curl ${method === "get" ? "" : `-X ${method.toUpperCase()} `}${origin}${path}`];
  const [scheme] = Object.keys(operation.security?.[0] ?? {});
  if (scheme !== undefined) lines.push(`-H "Authorization: Bearer $${TOKEN_NAMES[scheme] ?? "TOKEN"}"`);
  const body = bodyOf(operation);
  if (body !== undefined) {
    lines.push(`-H "Content-Type: application/json"`, `-d '${JSON.stringify(body.example ?? {})}'`);
  }
  return lines.join(" \\\n  ");
}

function bodyOf(operation: DocumentOperation): { readonly schema?: unknown; readonly example?: unknown } | undefined {
  const body = operation.requestBody;
  return body !== undefined && "content" in body ? body.content["application/json"] : undefined;
}

/** A schema as the bag of words that it is in JSON. */
type Schema = { readonly [word: string]: unknown };

const schemaOf = (value: unknown): Schema =>
  typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};

const textOf = (value: unknown, word: string): string => {
  const text = schemaOf(value)[word];
  return typeof text === "string" ? text : "";
};

function fieldsOf(document: ApiDocument, schema: Schema): readonly GuideField[] {
  const resolved = resolve(document, schema);
  const required = Array.isArray(resolved.required) ? resolved.required : [];
  return Object.entries(schemaOf(resolved.properties)).map(([name, field]) => ({
    name,
    type: typeOf(schemaOf(field)),
    isRequired: required.includes(name),
    description: textOf(field, "description"),
  }));
}

function resolve(document: ApiDocument, schema: Schema): Schema {
  const name = textOf(schema, "$ref").split("/").at(-1) ?? "";
  return name === "" ? schema : schemaOf(document.components?.schemas?.[name]);
}

function typeOf(schema: Schema): string {
  const { $ref, type, format, items } = schema;
  if (typeof $ref === "string") return $ref.split("/").at(-1) ?? "";
  if (Array.isArray(schema.enum)) return schema.enum.join(" | ");
  const choices = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(choices)) return choices.map((choice) => typeOf(schemaOf(choice))).join(" | ");
  if (type === "array") return `list of ${typeOf(schemaOf(items))}`;
  if (Array.isArray(type)) return type.join(" | ");
  return `${typeof type === "string" ? type : "any"}${typeof format === "string" ? ` (${format})` : ""}`;
}
