/** What is noted of a fault. */
import { Hono } from "hono";
import { expect, it, vi } from "vitest";
import { noteFault } from "../../src/http/fault.ts";

it("is the route's pattern, and nothing of the address itself", async () => {
  const noted = vi.spyOn(console, "error").mockImplementation(() => {});
  const app = new Hono();
  app.onError((thrown, c) => {
    noteFault({ thrown, requestId: "r-1" }, c);
    return c.text("", 500);
  });
  app.get("/v1/projects/:p", () => {
    throw new Error("It broke", { cause: "inside" });
  });
  await app.request("/v1/projects/s3cret?token=s3cret");
  expect(noted.mock.calls).toEqual([
    [
      expect.objectContaining({
        event: "request_failed",
        request_id: "r-1",
        method: "GET",
        path: "/v1/projects/:p",
        error: "Error: It broke",
        cause: "inside",
      }),
    ],
  ]);
  expect(JSON.stringify(noted.mock.calls)).not.toContain("s3cret");
});
