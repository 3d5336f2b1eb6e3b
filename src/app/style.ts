/** How the app looks: by day and by night, on a phone, on a desk and on paper. */
import { CHART_STYLE } from "./chart/style.ts";

const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f6f5f2, #16181c); --paper: light-dark(#ffffff, #1e2127); --ink: light-dark(#1d2026, #e8e6e1);
  --quiet: light-dark(#5b606b, #a2a7b3); --line: light-dark(#e3e0d9, #363b45); --accent: light-dark(#1f5fbf, #8ab4ff);
  --on-accent: light-dark(#ffffff, #10203c); --wrong: light-dark(#a3261d, #ff9d94); --warn: light-dark(#7a4d00, #f0c070);
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 0 1.5rem; max-width: 64rem; min-height: 100vh; background: var(--ground); color: var(--ink);
  font: 16px/1.55 system-ui, sans-serif; }
body > header { display: flex; flex-wrap: wrap; gap: .75rem 1.5rem; align-items: start; justify-content: space-between;
  margin: 2.25rem 0 0; }
h1 { font-size: 1.75rem; line-height: 1.2; letter-spacing: -.01em; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 0 0 1rem; overflow-wrap: anywhere; }
h3 { font-size: 1rem; line-height: 1.4; margin: 0 0 .5rem; overflow-wrap: anywhere; }
p { margin: 0 0 .75rem; overflow-wrap: anywhere; }
a { color: var(--accent); }
main.narrow { max-width: 32rem; margin: 12vh auto; }
main.narrow h1 { margin-bottom: 1rem; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .5rem 1rem; }
#said { color: var(--quiet); margin: .35rem 0 0; min-height: 1.55em; }
.controls { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; align-items: center; }
button { font: inherit; font-weight: 600; cursor: pointer; border: 1px solid var(--accent); border-radius: 6px;
  padding: .45rem 1rem; background: var(--accent); color: var(--on-accent); }
button:disabled { opacity: .55; cursor: default; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.state { display: flex; flex-wrap: wrap; gap: .35rem .9rem; align-items: baseline; color: var(--quiet); font-size: .9rem; margin: 0 0 1.25rem; }
.chip { border: 1px solid var(--line); background: var(--paper); color: var(--ink); border-radius: 99px; padding: .05rem .7rem; white-space: nowrap; }
.sheet { background: var(--paper); border: 1px solid var(--line); border-radius: 12px; padding: 1.5rem; margin: 0 0 1.25rem; }
.sheet > :last-child, .block > :last-child, .notice > :last-child { margin-bottom: 0; }
.block, .metrics { margin: 0 0 1.75rem; }
.stamp, .note, footer { color: var(--quiet); font-size: .875rem; }
.stamp { margin-top: -.75rem; }
.notice { border-left: 4px solid var(--line); background: var(--paper); border-radius: 6px; padding: .75rem 1rem; margin: 0 0 1.25rem; }
.notice.warn { border-color: var(--warn); }
.notice.wrong { border-color: var(--wrong); }
.notice.wrong > p { color: var(--wrong); }
.plain { white-space: pre-wrap; }
.metrics { display: flex; flex-wrap: wrap; gap: 1.25rem 2rem; }
.metrics > div { flex: 1 1 11rem; min-width: min-content; max-width: 100%; }
dt { color: var(--quiet); font-size: .9rem; overflow-wrap: anywhere; }
dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.figure { overflow-wrap: break-word; font-size: 2rem; line-height: 1.2; font-weight: 650; letter-spacing: -.01em; }
.figure .unit { font-size: 1rem; font-weight: 400; color: var(--quiet); letter-spacing: 0; }
.change { font-size: .9rem; }
.arrow { font-size: .7rem; color: var(--quiet); }
.scroll { overflow: auto; border-radius: 6px; }
.scroll.long { max-height: 36rem; border: 1px solid var(--line); }
table { border-collapse: collapse; width: 100%; font-size: .925rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; }
.heard { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
th, td { text-align: left; vertical-align: top; padding: .45rem .9rem .45rem 0; border-bottom: 1px solid var(--line);
  font-weight: 400; max-width: 28rem; overflow-wrap: break-word; }
thead th { position: sticky; top: 0; background: var(--paper); color: var(--quiet); font-size: .85rem; font-weight: 600; white-space: nowrap; }
.long th:first-child, .long td:first-child { padding-left: .75rem; }
tbody tr:last-child > * { border-bottom: 0; }
.right { text-align: right; }
.right:last-child { padding-right: .25rem; }
th + .right { padding-left: .9rem; }
.center { text-align: center; }
pre { margin: 0; padding: .9rem 1rem; background: var(--ground); border-radius: 6px; white-space: pre; overflow: auto; }
.scroll pre { overflow: visible; width: max-content; min-width: 100%; }
code { font: .85rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
summary { cursor: pointer; color: var(--quiet); font-size: .875rem; }
details[open] summary { margin-bottom: .75rem; }
iframe { display: block; width: 100%; border: 1px solid var(--line); border-radius: 6px; background: #fff; color-scheme: light; }
.prose > :last-child { margin-bottom: 0; }
.prose img { max-width: 100%; height: auto; }
.prose table { display: block; overflow-x: auto; margin: 0 0 .75rem; }
.prose blockquote { margin: 0 0 .75rem; padding-left: 1rem; border-left: 3px solid var(--line); color: var(--quiet); }
.prose ul, .prose ol { margin: 0 0 .75rem; padding-left: 1.5rem; }
.prose :is(h3, h4, h5, h6) { margin-top: 1.25rem; }
.prose > :first-child { margin-top: 0; }
footer { margin: 2rem 0; }
@media (max-width: 40rem) {
  body { padding: 0 1rem; }
  body > header { margin: 1.25rem 0 1rem; }
  #said { min-height: 0; }
  .sheet { padding: 1.1rem; border-radius: 10px; }
}
@media print {
  :root { color-scheme: light; }
  body { max-width: none; padding: 0; background: none; font-size: 11pt; }
  body > header { margin: 0 0 .75rem; }
  .controls, .skip, #said, summary, details:not([open]) { display: none; }
  .sheet { border: 0; padding: 0; background: none; }
  .scroll, .scroll.long { overflow: visible; max-height: none; border: 0; }
  .plot .wide { display: block; } .plot .narrow { display: none; }
  thead { display: table-header-group; } thead th { position: static; white-space: normal; }
  h2, h3, figcaption { break-after: avoid; }
  tr, .plot, .metrics > div, iframe, .notice { break-inside: avoid; }
  pre { white-space: pre-wrap; background: none; padding: 0; } .scroll pre { width: auto; }
}
`;

export const STYLE = PAGE_STYLE + CHART_STYLE;
