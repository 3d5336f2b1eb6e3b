/** The script as browsers fetch it. */
import { describe, expect, it } from "vitest";
import { SCRIPT } from "../../src/console/script.ts";
import { SCRIPT_ADDRESS } from "../../src/console/script-file.ts";
import { Browser } from "./browser.ts";

describe("GET /console.js", () => {
  it("is kept for good at the address that pages name, and at no other", async () => {
    const browser = new Browser();
    const named = await browser.get(SCRIPT_ADDRESS);
    expect([named.status, named.text]).toEqual([200, SCRIPT]);
    expect(named.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    expect(named.headers.get("x-content-type-options")).toBe("nosniff");
    expect(named.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    for (const path of ["/console.js", "/console.js?v=0000000000000000"]) {
      const other = await browser.get(path);
      expect([other.text, other.headers.get("cache-control")]).toEqual([SCRIPT, "no-cache"]);
    }
  });
});
