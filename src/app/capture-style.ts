/**
 * What is different where the page is captured. Nobody scrolls in a picture or on paper: what is long is as long as it is, and
 * what is wide makes the page wider. By day only, since a picture is looked at anywhere.
 */
export const CAPTURE_STYLE = `
:root { color-scheme: light; }
body, main, .sheet, .block, .scroll { min-width: min-content; }
body { min-height: 0; padding-bottom: 1.5rem; }
body > header { margin-bottom: .75rem; }
.scroll, .scroll.long { overflow: visible; max-height: none; border: 0; }
.long th:first-child, .long td:first-child { padding-left: 0; }
/* However many columns: together no wider than a picture may be, and smaller where they are many. */
table { font-size: clamp(.7rem, calc(18rem / var(--columns, 1)), .925rem); }
th, td { padding: .45em .9em .45em 0; max-width: min(28rem, calc(3800px / var(--columns, 1))); }
th + .right { padding-left: .9em; }
.right:last-child { padding-right: .25em; }
thead th { position: static; white-space: normal; vertical-align: bottom; }
pre, .scroll pre { overflow: visible; width: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
.prose table { display: table; width: auto; }
.prose :is(th, td) { padding-right: .9rem; }
.chart details, summary { display: none; }
p, .metrics, .plot, .prose > :not(table) { max-width: 61rem; }
footer { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 1.5rem 0 0; border-top: 1px solid var(--line); padding-top: .75rem; }
/* What is wide makes its own sheet wide, and not those around it. */
@media screen { .sheet { width: min-content; min-width: min(61rem, calc(100vw - 3rem)); } }
@media print {
  /* The foot of every sheet says it. */
  footer { display: none; }
  body { padding-bottom: 0; }
  .sheet { margin: 0 0 1.5rem; }
  /* However small: paper is not made wider, and what is printed can be looked at closely. */
  table { font-size: min(10pt, calc(14vw / var(--columns, 1))); }
  th, td { padding: .35em .6em .35em 0; max-width: calc(98vw / var(--columns, 1)); }
  th + .right { padding-left: .3em; }
  thead th { font-size: inherit; }
  h1 { font-size: 18pt; } h2 { font-size: 13pt; }
  .figure { font-size: 18pt; }
  .state { font-size: 9pt; }
  h1, h2, h3, .state, .stamp, figcaption { break-after: avoid; }
  .chart, .metrics, .html { break-inside: avoid; }
}
`;
