/** What holds for every request, whichever resource it is about. */
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createApi } from "../../src/api/api.ts";
import { appPages } from "../../src/app/app.tsx";
import { call, expectProblem, makeOwner, makeProjectOwner } from "./caller.ts";

afterEach(() => vi.restoreAllMocks());

describe("every answer", () => {
  it("has a request id of its own and headers that keep a browser from doing harm", async () => {
    const answers = [await call("GET", "/v1/health"), await call("GET", "/nowhere"), await call("GET", "/v1/projects")];
    const ids = answers.map(({ headers }) => headers.get("x-request-id"));
    expect(new Set(ids).size).toBe(3);
    for (const { headers } of answers) {
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(headers.get("strict-transport-security")).toContain("max-age=");
      expect(headers.get("cache-control")).toBe("no-store");
    }
  });
});

describe("the address", () => {
  it("is answered with 404 where there is nothing", async () => {
    for (const path of ["/v1", "/v2/projects", "/v1/projects/", "/v1/nothing", "/v1//projects"]) {
      expectProblem(await call("GET", path), 404, "not_found");
    }
  });

  it("is answered with 405 and the methods it takes where the method is another", async () => {
    const answer = await call("PUT", "/v1/projects");
    expectProblem(answer, 405, "method_not_allowed");
    expect(answer.headers.get("allow")).toBe("GET, HEAD, OPTIONS, POST");
  });

  it("tells its methods to OPTIONS", async () => {
    const answer = await call("OPTIONS", "/v1/projects/x/published");
    expect(answer.status).toBe(204);
    expect(answer.headers.get("allow")).toBe("GET, HEAD, OPTIONS, PUT");
  });

  it("answers HEAD like GET, without the body", async () => {
    const owner = await makeProjectOwner();
    const answer = await owner.call("HEAD", owner.at);
    expect(answer.status).toBe(200);
    expect((await owner.call("HEAD", `${owner.at}x`)).status).toBe(404);
  });
});

describe("health", () => {
  it("is told to anyone", async () => {
    expect(await call("GET", "/v1/health")).toMatchObject({ status: 200, body: { status: "ok" } });
  });
});

describe("a fault", () => {
  it("is noted with its cause and request id, and answered without the cause", async () => {
    const owner = await makeOwner();
    const noted = vi.spyOn(console, "error").mockImplementation(() => {});
    const broken = {
      prepare: () => {
        throw new Error("D1_ERROR: no such table: tokens", { cause: "inside" });
      },
    };
    const response = await createApi({ app: appPages }).request(
      "/v1/projects",
      { headers: { authorization: `Bearer ${owner.token}` } },
      { ...env, DIRECTORY: broken },
      createExecutionContext(),
    );
    expect(response.status).toBe(500);
    const body = await response.json();
    expect(body).toMatchObject({ code: "internal_error", request_id: response.headers.get("x-request-id") });
    expect(JSON.stringify(body)).not.toMatch(/D1|table|inside/);
    expect(noted).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({
        event: "request_failed",
        request_id: response.headers.get("x-request-id"),
        error: "Error: D1_ERROR: no such table: tokens",
        cause: "inside",
      }),
    );
  });
});
