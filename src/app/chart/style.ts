/**
 * How charts look. Twelve series in colours that have a contrast of 3 to the paper by day and by night, the later ones also
 * dashed: colour alone is not seen by everybody.
 */

/** By day and by night. */
export const SERIES_COLOURS: readonly (readonly [day: string, night: string])[] = [
  ["#1f5fbf", "#8ab4ff"],
  ["#c2410c", "#fb923c"],
  ["#0f766e", "#2dd4bf"],
  ["#a21caf", "#e879f9"],
  ["#4d7c0f", "#a3e635"],
  ["#b91c1c", "#f87171"],
  ["#6d28d9", "#a78bfa"],
  ["#0369a1", "#38bdf8"],
  ["#92400e", "#d6a36a"],
  ["#be185d", "#f472b6"],
  ["#475569", "#94a3b8"],
  ["#15803d", "#4ade80"],
];

const DASHES = ["none", "7 4", "2 4"];
/** As many colours share a dash. */
const SOLID = 4;

const series = SERIES_COLOURS.map(
  ([day, night], index) =>
    `.s${index} { --c: light-dark(${day}, ${night}); --dash: ${DASHES[Math.floor(index / SOLID)] ?? "none"}; }`,
).join("\n");

export const CHART_STYLE = `
${series}
.chart { margin-inline: 0; }
figcaption:empty { display: none; }
.plot { container-type: inline-size; }
.plot svg { display: block; width: 100%; height: auto; overflow: visible; }
.plot .narrow { display: none; max-width: 30rem; }
@container (max-width: 38rem) { .plot .wide { display: none; } .plot .narrow { display: block; } }
.plot text { font: 12px system-ui, sans-serif; fill: var(--quiet); font-variant-numeric: tabular-nums; }
.grid { stroke: var(--line); stroke-width: 1; shape-rendering: crispEdges; }
.base { stroke: var(--quiet); stroke-width: 1; shape-rendering: crispEdges; }
.line { fill: none; stroke: var(--c); stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; stroke-dasharray: var(--dash); }
.area { fill: var(--c); opacity: .16; }
.dot { fill: var(--paper); stroke: var(--c); stroke-width: 1.75; }
.bar, .point { fill: var(--c); }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; list-style: none; margin: 0 0 .5rem; padding: 0; font-size: .875rem; }
.legend li { display: flex; align-items: center; gap: .4rem; overflow-wrap: anywhere; }
.legend svg { flex: none; }
.chart details { margin-top: .35rem; }
`;
