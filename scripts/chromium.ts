/** The browser that the tests of pages use: whichever Chromium this machine has. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Where it is: what CHROME_PATH names, else the first on the path; null where there is none. */
export function findChromium({ CHROME_PATH, PATH = "" }: NodeJS.ProcessEnv = process.env): string | null {
  if (CHROME_PATH !== undefined && CHROME_PATH !== "") return isProgram(CHROME_PATH) ? CHROME_PATH : null;
  const folders = PATH.split(delimiter).filter(Boolean);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram) ?? null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
