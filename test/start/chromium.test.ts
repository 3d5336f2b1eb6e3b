/** Which browser takes captures on this machine and opens the pages of tests, if any. */
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { findChromium, findOrInstallChromium, lendToRuntime } from "../../scripts/chromium.ts";
import { isAlive } from "../../scripts/start/processes.ts";

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

describe("a machine without a browser", () => {
  it("is left as it is where nothing can be installed unasked", () => {
    const said: string[] = [];
    expect(findOrInstallChromium((line) => said.push(line), { PATH: join(ROOT, "empty") })).toBeNull();
    expect(findOrInstallChromium((line) => said.push(line), { CHROME_PATH: join(ROOT, "gone") })).toBeNull();
    expect(said).toEqual([]);
  });

  it("leaves the local runtime to look for itself", () => {
    expect(lendToRuntime(null, join(ROOT, "cache"))).toEqual({});
    expect(existsSync(join(ROOT, "cache"))).toBe(false);
  });
});

describe.runIf(process.platform === "linux" && process.arch === "x64")("the browser of the local runtime", () => {
  it("is a launcher of this machine's own at the one place where the runtime looks, so that it downloads nothing", () => {
    const echo = program("echo", "chromium");
    writeFileSync(echo, '#!/bin/sh\necho "$@"\n');
    const { XDG_CACHE_HOME: cache = "" } = lendToRuntime(echo, join(ROOT, "lent"));
    const browsers = join(cache, ".wrangler", "chrome");
    const [version = ""] = readdirSync(browsers);
    expect(version).toMatch(/^linux-[\d.]+$/);
    expect(existsSync(join(browsers, version, ".miniflare-install-complete"))).toBe(true);
    const said = execFileSync(join(browsers, version, "chrome-linux64", "chrome"), ["--headless", "a b"]).toString();
    expect(said).toContain("--disable-background-networking");
    expect(said.trim()).toMatch(/--headless a b$/);
  });

  it("ends with the runtime that launched it, however that went", async () => {
    const lasting = program("lasting", "chromium");
    writeFileSync(lasting, "#!/bin/sh\necho $$\nexec sleep 600\n");
    const { XDG_CACHE_HOME: cache = "" } = lendToRuntime(lasting, join(ROOT, "leashed"));
    const browsers = join(cache, ".wrangler", "chrome");
    const launcher = join(browsers, readdirSync(browsers)[0] ?? "", "chrome-linux64", "chrome");
    const launch = `require("node:child_process").spawn(${JSON.stringify(launcher)}, { stdio: "inherit", detached: true })`;
    const runtime = spawn(process.execPath, ["-e", `${launch}; setInterval(() => {}, 1_000)`], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const browser = Number(await new Promise((resolve) => runtime.stdout.once("data", resolve)));
    expect(isAlive(browser)).toBe(true);
    runtime.kill("SIGKILL");
    await vi.waitFor(() => expect(isAlive(browser)).toBe(false), { timeout: 10_000 });
  });
});
