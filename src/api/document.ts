/** `/openapi.json`: the API, described by the schemas that validate it. */
import { ok } from "../domain/result.ts";
import { SESSION_COOKIE } from "../http/session-cookie.ts";
import { answer } from "./answer.ts";
import { publicly } from "./door.ts";
import type { Api } from "./operation.ts";

/** What holds for every operation, for the head of the document and of the docs page. */
export const INTRODUCTION = `Times are ISO 8601 in UTC. Lists page by an opaque cursor. Errors are RFC 9457 problems with a stable \`code\`.
Writes that take an \`Idempotency-Key\` happen once for each key. Every answer has an \`x-request-id\`.`;

/** An OpenAPI 3.1 document. */
export type ApiDocument = ReturnType<Api["getOpenAPI31Document"]>;

/** The document, made when it is first asked for: nothing else needs it. */
export function documentOf(api: Api): () => ApiDocument {
  let document: ApiDocument | undefined;
  return () => {
    document ??= api.getOpenAPI31Document({
      openapi: "3.1.0",
      info: { title: "Carillon", version: "1", description: INTRODUCTION, license: { name: "MIT" } },
      servers: [{ url: "/" }],
    });
    return document;
  };
}

export function mountDocument(api: Api, document: () => ApiDocument): void {
  const security = api.openAPIRegistry;
  security.registerComponent("securitySchemes", "apiToken", {
    type: "http",
    scheme: "bearer",
    description: "A token of a workspace: `car_...`.",
  });
  security.registerComponent("securitySchemes", "session", {
    type: "apiKey",
    in: "cookie",
    name: SESSION_COOKIE,
    description: "A browser that is signed in. What it changes, it must ask for from a page of this deployment.",
  });
  security.registerComponent("securitySchemes", "operatorToken", {
    type: "http",
    scheme: "bearer",
    description: "The token of whoever runs the deployment: `cop_...`.",
  });
  security.registerComponent("securitySchemes", "runToken", {
    type: "http",
    scheme: "bearer",
    description: "The token of one run, sent with its call: `crt_...`.",
  });
  security.registerComponent("securitySchemes", "pageToken", {
    type: "http",
    scheme: "bearer",
    description: "A token that opens the page of one run for a short time: `cpt_...`. Also as `token` in the query.",
  });
  let text: string | undefined;
  publicly(
    api,
    {
      method: "get",
      path: "/openapi.json",
      tag: "Documentation",
      id: "getDocument",
      summary: "Show this document",
      answers: { 200: { description: "An OpenAPI 3.1 document." } },
    },
    () => {
      text ??= JSON.stringify(document());
      return answer(ok(text), (json) => ({ status: 200, json, headers: { "cache-control": "public, max-age=300" } }));
    },
  );
}
