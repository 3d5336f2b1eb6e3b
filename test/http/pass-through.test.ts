/** What code fetches, on its way out. */
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { passThrough } from "../../src/http/pass-through.ts";
import { newId } from "../../src/system.ts";

const RULES = { allowLoopback: true, ownHosts: ["carillon.example.dev"] };

describe("a request of code", () => {
  it("goes out as it is, and its answer comes back as it is", async () => {
    const url = `${env.RECEIVER}/${newId()}/echo`;
    const response = await passThrough(
      new Request(url, { method: "POST", body: "three rows", headers: { "x-own": "1" } }),
      RULES,
    );
    expect([response.status, await response.text()]).toEqual([200, "three rows"]);
    const [call] = (await (await fetch(url.replace("/echo", ""))).json()) as { headers: Record<string, string> }[];
    expect(call?.headers["x-own"]).toBe("1");
  });

  it("takes along neither a host of its own nor a wish to the platform's cache", async () => {
    const url = `${env.RECEIVER}/${newId()}/ok`;
    const sent = vi.spyOn(globalThis, "fetch");
    const headers = { host: "elsewhere.test", "cf-connecting-ip": "192.0.2.1", "x-own": "1" };
    await passThrough(new Request(url, { headers, cf: { cacheEverything: true, cacheKey: "theirs" } }), RULES);
    const [, options = {}] = sent.mock.calls[0] ?? [];
    expect([...new Headers(options.headers).keys()]).toEqual(["x-own"]);
    expect(options).not.toHaveProperty("cf");
  });

  it("gets a redirect as an answer, so that following it is another request", async () => {
    const request = new Request(`${env.RECEIVER}/${newId()}/redirect`, { method: "POST" });
    const response = await passThrough(request, RULES);
    expect([response.status, response.headers.get("location")]).toEqual([302, "/elsewhere/ok"]);
  });

  it.each([
    "http://example.com/",
    "https://10.0.0.1/",
    "https://carillon.example.dev/v1/health",
    "https://printer.local/",
  ])("does not go to %s", async (url) => {
    await expect(passThrough(new Request(url), RULES)).rejects.toThrow(/^fetch refused: /);
  });
});
