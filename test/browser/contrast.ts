/** How well the texts of a page stand out, by the colours that the browser computes (WCAG 2.2, 1.4.3). */
import type { Page } from "puppeteer-core";

/** A text that can be read less well than it must. */
export interface FaintText {
  readonly text: string;
  readonly ratio: number;
}

/** Runs in the page. Text in a chart has a fill instead of a colour; what is switched off need not be read. */
const MEASURE = `(least) => {
  const partsOf = (colour) => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    return { rgb: [red, green, blue], alpha: alpha / 255 };
  };
  const groundOf = (element) => {
    for (let one = element; one !== null; one = one.parentElement) {
      const { rgb, alpha } = partsOf(getComputedStyle(one).backgroundColor);
      if (alpha === 1) return rgb;
    }
    return partsOf("Canvas").rgb;
  };
  const lightOf = (rgb) => {
    const [red, green, blue] = rgb.map((part) => part / 255)
      .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ratioOf = (element) => {
    const style = getComputedStyle(element);
    const ink = partsOf(element.closest("svg") ? style.fill : style.color).rgb;
    const [one, other] = [lightOf(ink), lightOf(groundOf(element))];
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  };
  const isRead = (element) =>
    [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== "")
    && element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    && !element.matches("script, style, title, desc, :disabled");
  const texts = [...document.body.querySelectorAll("*")].filter(isRead)
    .map((element) => ({ text: element.textContent.trim().slice(0, 40), ratio: ratioOf(element) }));
  return { measured: texts.length, faint: texts.filter(({ ratio }) => ratio < least) };
}`;

export async function contrastOf(page: Page, least: number): Promise<{ measured: number; faint: FaintText[] }> {
  const found: unknown = await page.evaluate(`(${MEASURE})(${least})`);
  return found as { measured: number; faint: FaintText[] };
}
