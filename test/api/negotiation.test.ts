import { describe, expect, it } from "vitest";
import { acceptsHtml, wantsJson } from "../../src/api/negotiation.ts";

describe("a request is for", () => {
  it.each([
    ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"],
    ["Text/HTML", "html"],
    ["application/json", "json"],
    ["application/json, text/plain, */*", "json"],
    ["application/json, text/html", "html"],
    ["*/*", "either"],
    [undefined, "either"],
  ])("%s: %s", (accept, wanted) => {
    const request = new Request("https://carillon.test/", accept === undefined ? {} : { headers: { accept } });
    expect([acceptsHtml(request), wantsJson(request)]).toEqual([wanted === "html", wanted === "json"]);
  });
});
