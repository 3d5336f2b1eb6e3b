/** What axe finds wrong with a page, by the rules of WCAG 2.2 AA and the usual ones beside them. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "puppeteer-core";

const SOURCE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const RUN = `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"] })
  .then(({ violations }) => violations.flatMap(({ id, nodes }) =>
    nodes.slice(0, 5).map(({ target, failureSummary }) => id + ": " + target.join(" ") + ": " + failureSummary)))`;

/** One line for each thing that is wrong. */
export async function axeOf(page: Page): Promise<unknown> {
  await page.evaluate(SOURCE);
  return page.evaluate(RUN);
}
