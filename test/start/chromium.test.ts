/** Which browser the tests of pages use, if any. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { findChromium } from "../../scripts/chromium.ts";

const ROOT = mkdtempSync(join(tmpdir(), "carillon-path-"));

afterAll(() => rmSync(ROOT, { recursive: true, force: true }));

function program(folder: string, name: string, mode = 0o755): string {
  const path = join(ROOT, folder, name);
  mkdirSync(join(ROOT, folder), { recursive: true });
  writeFileSync(path, "#!/bin/sh\n");
  chmodSync(path, mode);
  return path;
}

describe("the browser of the tests", () => {
  it("is the one that CHROME_PATH names, and no other where that is none", () => {
    const [named, other] = [program("own", "my-chrome"), program("bin", "chromium")];
    const PATH = join(ROOT, "bin");
    expect(findChromium({ CHROME_PATH: named, PATH })).toBe(named);
    expect(findChromium({ CHROME_PATH: join(ROOT, "gone"), PATH })).toBeNull();
    expect(findChromium({ CHROME_PATH: "", PATH })).toBe(other);
  });

  it("is else a Chromium or Chrome on the path that can be started, or none", () => {
    program("first", "chromium", 0o644);
    const chrome = program("second", "google-chrome");
    expect(findChromium({ PATH: ["first", "second"].map((folder) => join(ROOT, folder)).join(delimiter) })).toBe(
      chrome,
    );
    expect(findChromium({ PATH: join(ROOT, "first") })).toBeNull();
    expect(findChromium({})).toBeNull();
  });
});
