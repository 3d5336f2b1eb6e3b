/** `/openapi.json` and `/docs`: complete, sound, and made from what validates. */
import { describe, expect, it } from "vitest";
import { createApi } from "../../src/api/api.ts";
import { PROBLEM_CODES } from "../../src/api/problem-catalogue.ts";
import { appPages } from "../../src/app/app.tsx";
import { call, makeProjectOwner } from "./caller.ts";

const METHODS = ["get", "post", "put", "patch", "delete"];

/** Objects that callers send. */
const REQUESTS = [
  ...["NewSchedule", "ScheduleChange", "NewProject", "NewVersion", "NewFunction", "NewPreview"],
  ...["NewMember", "MemberChange", "OwnChange", "NewGroup", "GroupChange", "NewGrant", "GrantList"],
  ...["NewToken", "PreferencesChange", "WorkspaceChange", "NewWorkspace", "OperatorChange", "NewAppRun"],
  ...["NewCaptures", "SettingsChange"],
];

const document = async () => (await call("GET", "/openapi.json")).body;

interface Described {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: string[];
  readonly parameters?: { in: string; name: string; required: boolean }[];
  readonly requestBody?: { content: Record<string, { example?: object }> };
  readonly responses: Record<string, { content?: object }>;
  readonly security: object[];
}

const operationsOf = (body: { paths: Record<string, Record<string, Described>> }) =>
  Object.entries(body.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => METHODS.includes(method))
      .map(([method, operation]) => ({ path, method, ...operation })),
  );

/** Pages, and what is for Slack alone. */
const BESIDE_THE_API = new Set(["/", "/docs", "/slack/events"]);

describe("the OpenAPI document", () => {
  it("describes every route that there is, and no other", async () => {
    const routed = createApi({ app: appPages })
      .routes.filter(({ method, path }) => method !== "ALL" && !BESIDE_THE_API.has(path))
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
    const described = operationsOf(await document()).map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect(described.sort()).toEqual([...new Set(routed)].sort());
  });

  it("gives every operation a name of its own, a summary, a subject and its path parameters", async () => {
    const operations = operationsOf(await document());
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const { path, summary, tags, parameters } of operations) {
      expect(summary, path).toBeTruthy();
      expect(tags, path).toHaveLength(1);
      const inPath = (parameters ?? []).filter((parameter) => parameter.in === "path");
      expect(inPath.map(({ name }) => `{${name}}`).sort()).toEqual((path.match(/\{\w+\}/g) ?? []).sort());
      expect(inPath.every(({ required }) => required)).toBe(true);
    }
  });

  it("refers to nothing that is not in it", async () => {
    const body = await document();
    const references = [...JSON.stringify(body).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path ?? "");
    expect(references.length).toBeGreaterThan(20);
    for (const reference of references) {
      const target = reference.split("/").reduce((part, name) => part?.[name], body);
      expect(target, reference).toBeDefined();
    }
  });

  it("describes the problems of each operation with the body they have", async () => {
    for (const { path, method, responses } of operationsOf(await document())) {
      const problems = Object.entries(responses).filter(([status]) => Number(status) >= 400);
      expect(problems.length, `${method} ${path}`).toBeGreaterThan(0);
      for (const [, { content }] of problems) {
        const $ref = expect.stringMatching(/^#\/components\/schemas\/(CaptureFailed)?Problem$/);
        expect(content).toEqual({ "application/problem+json": { schema: { $ref } } });
      }
    }
  });

  it("describes what a problem says beyond the others", async () => {
    const body = await document();
    const { responses } = body.paths["/v1/projects/{p}/runs/{r}/captures/{format}"].get;
    const { $ref } = responses[409].content["application/problem+json"].schema;
    const described = JSON.stringify(body.components.schemas[$ref.split("/").at(-1)]);
    for (const said of ["#/components/schemas/CaptureFailure", "#/components/schemas/CaptureEvidence"])
      expect(described).toContain(said);
  });

  it("describes the events of a stream", async () => {
    const body = await document();
    const { responses } = body.paths["/v1/projects/{p}/app/runs/{r}/events"].get;
    const { $ref } = responses[200].content["text/event-stream"].schema;
    expect($ref).toBe("#/components/schemas/AppRunEvent");
    const names = body.components.schemas.AppRunEvent.oneOf.map(
      ({ properties }: Described & { properties: { event: { enum: string[] } } }) => properties.event.enum.join(),
    );
    expect(names).toEqual(["state", "end"]);
  });

  it("describes bytes by their types", async () => {
    const { responses } = (await document()).paths["/v1/projects/{p}/runs/{r}/captures/{format}"].get;
    expect(Object.keys(responses[200].content)).toEqual(["image/png", "application/pdf", "image/webp"]);
  });

  it("says which operations need which token", async () => {
    const operations = operationsOf(await document());
    const open = operations.filter(({ security }) => security.length === 0).map(({ path }) => path);
    expect(open.sort()).toEqual(["/openapi.json", "/v1/health"]);
    const byRun = operations.filter(({ security }) => JSON.stringify(security).includes("runToken"));
    expect(byRun.map(({ operationId }) => operationId)).toEqual(["completeRun"]);
    const byPage = operations.filter(({ security }) => JSON.stringify(security).includes("pageToken"));
    expect(byPage.map(({ operationId }) => operationId)).toEqual(["getRunPage"]);
  });

  it("is strict: an object in a request takes no other field", async () => {
    const body = await document();
    for (const name of REQUESTS) {
      expect(body.components.schemas[name].additionalProperties, name).toBe(false);
    }
  });

  it("holds examples that its own schemas accept", async () => {
    const owner = await makeProjectOwner();
    for (const { path, method, requestBody } of operationsOf(await document())) {
      const example = requestBody?.content["application/json"]?.example;
      if (example === undefined || path.includes("{s}") || path.includes("{r}")) continue;
      const answer = await owner.call(method.toUpperCase(), path.replace("{p}", owner.project), { body: example });
      // What a preview finds wrong with what it was asked about is an answer, and no refusal.
      const errors = answer.status < 400 ? [] : (answer.body.errors ?? []);
      const paths = errors.map((error: { path: string }) => error.path);
      // The examples name functions of their own.
      expect(
        paths.filter((at: string) => at !== "/fn"),
        `${method} ${path}`,
      ).toEqual([]);
    }
  });
});

describe("the docs page", () => {
  it("shows every operation with an example call, and every problem code", async () => {
    const page = (await call("GET", "/docs")).body as string;
    for (const { operationId, path } of operationsOf(await document())) {
      expect(page).toContain(`id="${operationId}"`);
      expect(page).toContain(`https://carillon.test${path}`);
    }
    for (const code of PROBLEM_CODES) expect(page).toContain(`id="problem-${code}"`);
  });

  it("is a whole page in a named language that loads nothing and runs no script", async () => {
    const { headers, body } = await call("GET", "/docs");
    expect(body).toMatch(/^<!DOCTYPE html><html lang="en">/);
    expect(body).not.toMatch(/<script|<link|src=|url\(/);
    expect(headers.get("content-type")).toContain("text/html");
    expect(headers.get("content-security-policy")).toMatch(/^default-src 'none'; style-src 'sha256-/);
    const headings = [...(body as string).matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
    expect(headings[0]).toBe(1);
    for (const [index, level] of headings.entries()) expect(level - (headings[index - 1] ?? 0)).toBeLessThanOrEqual(1);
  });
});
