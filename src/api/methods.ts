/** Requests that no operation takes: an unknown address, or a known one with another method. */
import type { NotFoundHandler } from "hono";
import type { Api, ApiEnv } from "./operation.ts";
import { NOT_FOUND, renderProblem } from "./problem.ts";

interface Address {
  readonly pattern: RegExp;
  readonly method: string;
}

/** Answers 405 or, to OPTIONS, 204, both with `Allow`; 404 where there is no such address at all. */
export function answerUnrouted(api: Api): NotFoundHandler<ApiEnv> {
  const addresses = addressesOf(api);
  return (c) => {
    const found = addresses.filter(({ pattern }) => pattern.test(c.req.path)).map(({ method }) => method);
    if (found.length === 0) return renderProblem(NOT_FOUND, c.get("requestId"));
    const methods = new Set([...found, ...(found.includes("GET") ? ["HEAD"] : []), "OPTIONS"]);
    const allow = [...methods].sort().join(", ");
    if (c.req.method === "OPTIONS") return new Response(null, { status: 204, headers: { allow } });
    const detail = `${c.req.method} is not possible here; ${allow} are.`;
    return renderProblem({ code: "method_not_allowed", detail, headers: { allow } }, c.get("requestId"));
  };
}

const addressesOf = (api: Api): readonly Address[] =>
  api.routes
    .filter(({ method }) => method !== "ALL")
    .map(({ path, method }) => ({ pattern: new RegExp(`^${path.replaceAll(/:\w+/g, "[^/]+")}$`), method }));
