/**
 * How news looks as a mail. Mail programs know little of CSS, and some drop style sheets: so each element carries what it
 * needs by day, in a table as wide as a phone or as 600 pixels, and the sheet adds the night and narrow windows for those
 * that read it.
 */
import type { Tone } from "../../domain/news/wording.ts";

const FONT = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

interface Colours {
  readonly ink: string;
  readonly ground: string;
}

/** Of the badge, by day and by night: at least 4.5 to 1 (WCAG 2.2, 1.4.3). */
export const TONE_COLOURS: Readonly<Record<Tone, { readonly day: Colours; readonly night: Colours }>> = {
  good: { day: { ink: "#0f5132", ground: "#d8f0e2" }, night: { ink: "#a6e3bf", ground: "#153827" } },
  bad: { day: { ink: "#8c1d18", ground: "#fbe0de" }, night: { ink: "#ffb4ab", ground: "#4a1815" } },
  quiet: { day: { ink: "#4a4f5a", ground: "#e8e9ec" }, night: { ink: "#c7cad3", ground: "#33373f" } },
};

export const STYLES = {
  body: `margin:0;padding:0;background-color:#f3f2ef;${FONT}`,
  outer: "width:100%;background-color:#f3f2ef",
  gutter: "padding:24px 12px",
  card: "width:100%;max-width:600px;margin:0 auto;background-color:#ffffff;border:1px solid #dddad3;border-radius:10px",
  inner: `padding:28px;color:#1d2026;font-size:16px;line-height:1.5;text-align:left;overflow-wrap:anywhere;${FONT}`,
  test: `margin:0 0 20px;padding:12px 16px;border:2px dashed #8a6100;background-color:#fff4d6;color:#5c4100;border-radius:6px`,
  badge: "display:inline-block;padding:2px 12px;border-radius:99px;font-size:14px;font-weight:600",
  title: "margin:12px 0 16px;font-size:22px;line-height:1.3;font-weight:700;color:#1d2026",
  paragraph: "margin:0 0 16px;color:#1d2026;text-align:start",
  own: "margin:0 0 20px;padding:0 0 0 14px;border-left:3px solid #c9c5bb;color:#1d2026",
  facts: "width:100%;margin:0 0 20px;border-collapse:collapse;font-size:15px",
  label:
    "padding:6px 16px 6px 0;color:#5b606b;vertical-align:top;text-align:left;font-weight:400;width:1%;white-space:nowrap",
  value: "padding:6px 0;color:#1d2026;vertical-align:top;overflow-wrap:anywhere",
  picture:
    "display:block;width:100%;max-width:544px;height:auto;box-sizing:border-box;border:1px solid #dddad3;border-radius:6px",
  figure: "margin:0 0 20px",
  quiet: "margin:0 0 12px;color:#5b606b;font-size:14px",
  action: "margin:4px 0 8px",
  button:
    "display:inline-block;padding:11px 22px;border-radius:6px;background-color:#1f5fbf;color:#ffffff;font-weight:600;text-decoration:none",
  link: "color:#1f5fbf",
  foot: `padding:18px 28px 4px;color:#5b606b;font-size:13px;line-height:1.5;text-align:left;overflow-wrap:anywhere;max-width:600px;margin:0 auto;${FONT}`,
} as const;

const nightTones = Object.entries(TONE_COLOURS)
  .map(
    ([tone, { night }]) =>
      `.badge-${tone} { color: ${night.ink} !important; background-color: ${night.ground} !important; }`,
  )
  .join("\n  ");

/** Beside the styles of the elements, so it must insist. */
export const SHEET = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (max-width: 480px) {
  .gutter { padding: 0 !important; }
  .card { border-left: 0 !important; border-right: 0 !important; border-radius: 0 !important; }
  .inner { padding: 20px 16px !important; }
  .foot { padding: 16px !important; }
  .facts, .facts tbody, .facts tr, .facts th, .facts td { display: block !important; width: auto !important; }
  .facts th { padding: 8px 0 0 !important; }
  .facts td { padding: 0 !important; }
}
@media (prefers-color-scheme: dark) {
  body, .outer { background-color: #16181c !important; }
  .card { background-color: #1e2127 !important; border-color: #363b45 !important; }
  .inner, .inner p, .inner h1, .inner td { color: #e8e6e1 !important; }
  .inner th, .inner .quiet, .foot, .foot p { color: #a9aeb9 !important; }
  .own { border-color: #4c525e !important; }
  .picture { border-color: #363b45 !important; }
  .inner p.test { background-color: #3b2f10 !important; border-color: #d6a740 !important; color: #ffe2a3 !important; }
  .button { background-color: #8ab4ff !important; color: #10203c !important; }
  a.link { color: #8ab4ff !important; }
  ${nightTones}
}
`;
