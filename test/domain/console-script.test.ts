/** The console's script: what of it is pure, and that what browsers get is made from its sources. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { bundleScript, scriptSource } from "../../scripts/embed-console.ts";
import { backoff, restAfter } from "../../src/console/browser/backoff.ts";

const SCRIPT_MAX_BYTES = 30_000;

describe("the script that browsers get", () => {
  let script: string;
  beforeAll(async () => {
    script = await bundleScript();
  });

  it("is what lies in src/console/browser: npm run embed was run", () => {
    expect(readFileSync("src/console/script.ts", "utf8")).toBe(scriptSource(script));
  });

  it("is small, before anything is compressed", () => {
    expect(script.length).toBeGreaterThan(1_000);
    expect(Buffer.byteLength(script)).toBeLessThan(SCRIPT_MAX_BYTES);
  });

  it("has another address when it is another script", () => {
    const hashOf = (text: string) => /SCRIPT_HASH = "([0-9a-f]{16})"/.exec(scriptSource(text))?.[1];
    expect(hashOf(`${script} `)).not.toBe(hashOf(script));
  });
});

describe("the wait before a lost connection is tried again", () => {
  it("doubles from a second to half a minute", () => {
    expect([0, 1, 2, 3, 4, 5, 6, 50].map((failures) => backoff(failures, 0))).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000,
    ]);
  });

  it("is spread by chance, and never below a second", () => {
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.nat(2_000), chance, (failures, by) => {
        const [wait, longest] = [backoff(failures, by), backoff(failures, 0)];
        return wait >= Math.max(1_000, longest / 2) && wait <= longest;
      }),
    );
  });
});

describe("the rest after an answer", () => {
  it("is five times as long as the answer took, from a second to ten", () => {
    expect([0, 100, 400, 1_500, 60_000].map(restAfter)).toEqual([1_000, 1_000, 2_000, 7_500, 10_000]);
  });
});
