/** `npm test`: every test, and as the last line how many passed and failed, for whoever reads the end of a log. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findOrInstallChromium } from "./chromium.ts";

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
}

const NOTHING: Report = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0 };

const NO_BROWSER =
  "\nThe tests of test/browser and test/capture were left out: they need a Chromium, on the path or named by CHROME_PATH.\n";

const chromium = findOrInstallChromium((line) => process.stdout.write(`${line}\n`));
const VITEST = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
const directory = mkdtempSync(join(tmpdir(), "carillon-test-"));
const file = join(directory, "report.json");

const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
const child = spawn(process.execPath, [VITEST, "run", ...reporters, ...process.argv.slice(3)], { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));

child.once("exit", (code) => {
  const report = readReport();
  rmSync(directory, { recursive: true, force: true });
  const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped } = report;
  if (chromium === null) process.stdout.write(NO_BROWSER);
  process.stdout.write(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`);
  process.exit(passed + failed === 0 ? 1 : (code ?? 1));
});

/** None when the runner ended before it could write one. */
function readReport(): Report {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Report;
  } catch {
    return NOTHING;
  }
}
