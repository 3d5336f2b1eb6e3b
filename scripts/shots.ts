/**
 * Pictures of the console. `node scripts/shots.ts [FOLDER]` shoots every page, wide and narrow, by day and by night, to be looked at;
 * they stay out of git. `node scripts/shots.ts --readme` makes the one that the README opens with.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Chromium } from "../test/browser/chromium.ts";
import { furnish, giveHistory, pagesOf } from "../test/browser/console-world.ts";
import { LocalCarillon } from "../test/start/local-carillon.ts";

const README_PICTURE = "docs/console.png";
const DEFAULT_FOLDER = ".carillon/shots";

const LOOKS = [
  { name: "wide-day", width: 1_280, height: 900, scheme: "light" },
  { name: "wide-night", width: 1_280, height: 900, scheme: "dark" },
  { name: "narrow-day", width: 360, height: 740, scheme: "light" },
  { name: "narrow-night", width: 360, height: 740, scheme: "dark" },
] as const;

const carillon = await LocalCarillon.make();
const [chromium] = await Promise.all([Chromium.start(), carillon.start()]);
try {
  const world = await furnish(carillon);
  await giveHistory(carillon);
  const { page } = await chromium.open();
  await page.goto(carillon.dev.sign_in_url);
  const [first] = process.argv.slice(2);
  if (first === "--readme") await shootForReadme();
  else await shootAll(first ?? DEFAULT_FOLDER);

  async function shootForReadme(): Promise<void> {
    await page.setViewport({ width: 1_280, height: 1_310 });
    await page.goto(`${carillon.dev.url}/projects/demo`, { waitUntil: "networkidle2" });
    await page.screenshot({ path: README_PICTURE });
  }

  async function shootAll(folder: string): Promise<void> {
    mkdirSync(folder, { recursive: true });
    for (const { name, width, height, scheme } of LOOKS) {
      await page.setViewport({ width, height });
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      for (const path of pagesOf(world)) {
        await page.goto(carillon.dev.url + path);
        const file = `${
          path
            .slice(1)
            .replaceAll(/[0-9a-f-]{36}/g, "id")
            .replaceAll("/", "-") || "home"
        }.${name}.png`;
        await page.screenshot({ path: join(folder, file), fullPage: true });
      }
    }
  }
} finally {
  await chromium.end();
  await carillon.remove();
}
