/** The browser of this machine: it takes the captures of a local Carillon, and opens the pages in tests. */
import { execFileSync } from "node:child_process";
import { accessSync, chmodSync, constants, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join, resolve } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Where it is: what CHROME_PATH names, else the first on the path; null where there is none. */
export function findChromium({ CHROME_PATH, PATH = "" }: NodeJS.ProcessEnv = process.env): string | null {
  if (CHROME_PATH !== undefined && CHROME_PATH !== "") return isProgram(CHROME_PATH) ? CHROME_PATH : null;
  const folders = PATH.split(delimiter).filter(Boolean);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram) ?? null;
}

/** Why none was found, in words. */
export const missingChromium = ({ CHROME_PATH }: NodeJS.ProcessEnv = process.env): string =>
  CHROME_PATH ? `CHROME_PATH names ${CHROME_PATH}, which is no program` : "no Chromium was found on the path";

/** Where it is, after installing one from the distribution's packages where that can be done unasked: Debian, as root. */
export function findOrInstallChromium(
  say: (line: string) => void,
  env: NodeJS.ProcessEnv = process.env,
): string | null {
  const found = findChromium(env);
  if (found !== null || env.CHROME_PATH || process.getuid?.() !== 0 || !hasProgram("apt-get", env)) return found;
  say("Installing Chromium from the distribution's packages; it takes the captures.");
  const options = { stdio: "ignore", env: { ...env, DEBIAN_FRONTEND: "noninteractive" } } as const;
  try {
    execFileSync("apt-get", ["update"], options);
    execFileSync(
      "apt-get",
      ["install", "-y", "--no-install-recommends", "chromium", "fonts-noto-color-emoji"],
      options,
    );
  } catch {
    say("That did not work; all but captures goes on without.");
  }
  return findChromium(env);
}

/** Nothing leaves the machine on the browser's own account, and a container's small shared memory is enough for it. */
const FLAGS = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-dev-shm-usage",
  "--disable-gpu",
  "--no-first-run",
];

/** Ends the browser when the runtime that launched it is gone, however it went; of itself it would go on. */
const LEASH = '(while kill -0 "$PPID" && kill -0 $$; do sleep 1; done; kill -9 $$) </dev/null >/dev/null 2>&1 &';

/**
 * Has the local runtime use this browser. It knows one place alone, below the user's cache directory, and downloads a
 * browser of its own to there when it finds none; a launcher at that place, in a cache directory of the project's own, leads
 * to this one. Answers the variables that a process of the runtime needs; none outside of Linux, where the runtime's own
 * download does.
 */
export function lendToRuntime(chromium: string | null, directory: string): Readonly<Record<string, string>> {
  if (chromium === null || process.platform !== "linux" || process.arch !== "x64") return {};
  const cache = resolve(directory);
  const place = join(cache, ".wrangler", "chrome", `linux-${runtimesBrowserVersion()}`);
  const launcher = join(place, "chrome-linux64", "chrome");
  mkdirSync(dirname(launcher), { recursive: true });
  // Chromium refuses to run as root inside its sandbox.
  const flags = process.getuid?.() === 0 ? [...FLAGS, "--no-sandbox"] : FLAGS;
  writeFileSync(launcher, `#!/bin/sh\n${LEASH}\nexec "${chromium}" ${flags.join(" ")} "$@"\n`);
  chmodSync(launcher, 0o755);
  // Without it the runtime deletes the place after a launch that failed, and downloads.
  writeFileSync(join(place, ".miniflare-install-complete"), "");
  return { XDG_CACHE_HOME: cache };
}

/** The version that the local runtime would download, which is part of the place. */
function runtimesBrowserVersion(): string {
  const require = createRequire(createRequire(import.meta.url).resolve("wrangler/package.json"));
  const [, version] = /BROWSER_VERSION = "([\d.]+)"/.exec(readFileSync(require.resolve("miniflare"), "utf8")) ?? [];
  if (version === undefined) throw new Error("The installed miniflare names no browser of its own");
  return version;
}

const hasProgram = (name: string, { PATH = "" }: NodeJS.ProcessEnv): boolean =>
  PATH.split(delimiter).some((folder) => isProgram(join(folder, name)));

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
