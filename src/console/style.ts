/** How the console looks: by day and by night, on a phone and on a desk. */
const COLOURS = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f6f5f2, #16181c); --paper: light-dark(#fff, #1e2127); --ink: light-dark(#1d2026, #e8e6e1);
  --quiet: light-dark(#5b606b, #a2a7b3); --line: light-dark(#dddad3, #363b45); --accent: light-dark(#1f5fbf, #8ab4ff);
  --on-accent: light-dark(#fff, #10203c); --wrong: light-dark(#a3261d, #ff9d94); --good: light-dark(#1a6b3c, #7fd8a4);
  --warn: light-dark(#8a5300, #f2bf6a); --soft: light-dark(#ecebe6, #2a2e36);
}
`;

const GROUND = `
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
body > header { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: baseline; padding: 1rem 1.5rem;
  border-bottom: 1px solid var(--line); background: var(--paper); }
.brand { font-weight: 700; letter-spacing: .02em; color: var(--ink); text-decoration: none; }
.where { color: var(--quiet); overflow-wrap: anywhere; }
#live-state { margin-left: auto; }
#live-state:empty { display: none; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .5rem 1rem; z-index: 2; }
main { max-width: 44rem; margin: 2.5rem auto; padding: 0 1.5rem; }
main.narrow { max-width: 28rem; margin-top: 12vh; }
main.inside { max-width: 64rem; margin: 0; padding: 1.75rem 1.5rem 4rem; min-width: 0; }
.menu { margin-left: auto; }
#live-state + .menu { margin-left: 0; }
@media (width < 60rem) { .ways:not(:target) { display: none; } }
.ways { padding: 1.25rem 1.5rem 0; }
.ways p { margin: 0 0 .25rem; font-size: .85rem; font-weight: 600; }
.ways ul { list-style: none; display: flex; flex-wrap: wrap; gap: .1rem .25rem; margin: 0 0 1rem; padding: 0; }
.ways a { display: block; padding: .3rem .6rem; border-radius: 6px; color: var(--ink); text-decoration: none; }
.ways a:hover { background: var(--soft); }
.ways a[aria-current] { background: var(--soft); font-weight: 600; }
@media (width >= 60rem) {
  .menu { display: none; }
  body:has(> .ways) { display: grid; grid-template: auto 1fr / 14rem minmax(0, 1fr); }
  body:has(> .ways) > header { grid-column: 1 / -1; }
  .ways { border-right: 1px solid var(--line); padding-right: 1rem; }
  .ways ul { display: block; margin-bottom: 1.75rem; }
  main.inside { padding: 2rem 2.5rem 5rem; }
}
.crumbs { margin: 0 0 .25rem; font-size: .9rem; }
.title { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; justify-content: space-between; align-items: baseline; margin-bottom: 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 2rem 0 .75rem; }
h3 { font-size: 1rem; margin: 1.25rem 0 .5rem; }
p { margin: 0 0 1rem; overflow-wrap: anywhere; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.quiet, .hint { color: var(--quiet); font-weight: 400; }
.wrong { color: var(--wrong); }
.good { color: var(--good); }
.row { display: flex; flex-wrap: wrap; gap: .75rem; align-items: baseline; }
code, kbd { font: 14px ui-monospace, monospace; overflow-wrap: anywhere; }
kbd { border: 1px solid var(--line); border-radius: 4px; padding: 0 .35rem; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: 14px/1.5 ui-monospace, monospace; margin: 0 0 1rem; }
dialog { border: 1px solid var(--line); border-radius: 10px; background: var(--paper); color: var(--ink); padding: 1.5rem; max-width: 30rem; }
dialog::backdrop { background: rgb(0 0 0 / .4); }
dialog h2 { margin-top: 0; }
dialog form { margin-top: 1rem; }
[hidden] { display: none !important; }
`;

const SHEETS = `
.sheet { background: var(--paper); border: 1px solid var(--line); border-radius: 10px; padding: 1.5rem; margin-bottom: 1rem; }
.sheet > :last-child, .sheet form:last-child > :last-child { margin-bottom: 0; }
.sheet > h2:first-child { margin-top: 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1.25rem; margin: 0; }
dl + p, dl + .field { margin-top: 1.25rem; }
dt { color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; min-width: 0; }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; } }
ul.sheet { list-style: none; margin: 0 0 1rem; padding-block: .25rem; }
ul.sheet > li { padding: .75rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
ul.sheet > li:first-child { border-top: 0; }
ul.sheet > li > :last-child { margin-bottom: 0; }
li > p { margin: .25rem 0; }
.fresh { animation: fresh 3s; }
@keyframes fresh { from { background: var(--soft); } }
@media (prefers-reduced-motion: reduce) { .fresh { animation: none; } }
.line { display: flex; flex-wrap: wrap; gap: .15rem .6rem; align-items: baseline; }
.line > .end { margin-left: auto; }
.wide { overflow-x: auto; margin-bottom: 1rem; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; color: var(--quiet); padding-bottom: .5rem; }
th, td { text-align: left; padding: .45rem .75rem .45rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; color: var(--quiet); font-size: .9rem; }
th[scope=row] { font-weight: 400; color: inherit; font-size: 1rem; }
tr:last-child > td, tbody > tr:last-child > th { border-bottom: 0; }
meter { display: block; width: 100%; max-width: 12rem; height: .8rem; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr)); gap: 1rem; list-style: none; margin: 0 0 1rem; padding: 0; }
.cards > li { background: var(--paper); border: 1px solid var(--line); border-radius: 10px; padding: 1rem 1.25rem; min-width: 0; overflow-wrap: anywhere; }
.cards h2 { margin: 0 0 .25rem; }
.said { margin: 0 0 1rem; overflow-wrap: anywhere; white-space: pre-wrap; } li > .said { margin: .25rem 0; }
.said summary { white-space: normal; } .said[open] .start { display: none; }
.sheet > dl + p, .sheet > p + dl { margin-top: 1.25rem; }
ol.steps { padding-left: 1.5rem; } ol.steps > li { margin-bottom: 1.25rem; } ol.steps > li::marker { font-weight: 600; }
.lead { font-size: 1.1rem; font-weight: 600; margin-bottom: .5rem; }
.empty { border: 1px dashed var(--quiet); border-radius: 10px; padding: 1.5rem; margin-bottom: 1rem; }
.empty > :last-child { margin-bottom: 0; }
.news, .trouble { border-left: 4px solid var(--accent); background: var(--paper); padding: .6rem 1rem; margin: 0 0 1rem; border-radius: 0 8px 8px 0; }
.news > :last-child, .trouble > :last-child { margin-bottom: 0; }
.trouble { border-color: var(--wrong); }
.copyable { position: relative; }
.copyable pre { background: var(--soft); border-radius: 8px; padding: .75rem 1rem; }
[data-script] .copyable pre { padding-right: 5rem; }
.copy { display: none; }
[data-script] .copy { display: block; position: absolute; top: .4rem; right: .4rem; padding: .15rem .6rem; font-size: .85rem; background: var(--paper); }
[data-script] .unscripted { display: none; }
details > summary { cursor: pointer; }
.stale { opacity: .55; }
.stale::before { content: "Not read just now; this is of what was typed before."; display: block; color: var(--warn); } details[open] > summary { margin-bottom: .5rem; }
`;

const MARKS = `
.mark, .status, .state { border: 1px solid var(--line); border-radius: 99px; padding: 0 .6rem; font-size: .85rem; color: var(--quiet); white-space: nowrap; }
.status::before { content: ""; display: inline-block; width: .55em; height: .55em; border-radius: 50%; background: currentColor; margin-right: .4em; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.dots { display: inline-flex; } .dots:empty { display: none; }
.dot { display: inline-flex; width: 1.5rem; height: 1.5rem; align-items: center; justify-content: center; }
.dot::before { content: ""; width: .7em; height: .7em; border-radius: 50%; background: currentColor; }
.dot.skipped, .dot.cancelled, .dot.queued { color: var(--quiet); }
.succeeded, .active { color: var(--good); }
.failed, .timed_out, .quarantined { color: var(--wrong); }
.failed::before, .timed_out::before { border-radius: 0; transform: rotate(45deg); }
.running, .queued { color: var(--accent); }
.running::before { animation: beat 1.2s infinite alternate; }
@keyframes beat { to { opacity: .25; } }
@media (prefers-reduced-motion: reduce) { .running::before { animation: none; } }
.pending_retry, .missed, .warn, .paused { color: var(--warn); }
.skipped::before, .missed::before, .cancelled::before, .queued::before { background: none; border: 1.5px solid currentColor; }
.mark.good { color: var(--good); } .mark.wrong { color: var(--wrong); } .mark.warn, .mark.wrong { border-color: currentColor; }
`;

const FORMS = `
label, legend { display: block; font-weight: 600; margin-bottom: .35rem; padding: 0; }
input, select, textarea { width: 100%; font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--quiet);
  border-radius: 6px; padding: .55rem .75rem; margin-bottom: 1rem; }
textarea.code { font: 14px/1.5 ui-monospace, monospace; }
input[aria-invalid], select[aria-invalid], textarea[aria-invalid] { border-color: var(--wrong); }
.field { margin-bottom: 1rem; }
.field > input, .field > select, .field > textarea { margin-bottom: 0; }
.hint { margin: .3rem 0 0; font-size: .9rem; }
.field .wrong p, .field p.wrong { margin: .3rem 0 0; }
fieldset { border: 1px solid var(--line); border-radius: 8px; padding: 1rem 1.25rem; margin: 0 0 1rem; min-width: 0; }
fieldset > :last-child { margin-bottom: 0; }
legend { padding: 0 .35rem; }
select.short { width: auto; margin: 0; padding: .25rem .5rem; }
.check { display: flex; gap: .6rem; align-items: baseline; margin-bottom: .6rem; }
.check input { width: auto; margin: 0; flex: none; }
.check label { font-weight: 400; margin: 0; }
label small { display: block; color: var(--quiet); font-size: .9rem; }
.when:not(:has([value=custom]:checked)) .of-custom, .when:has([value=custom]:checked) .of-time,
.when:not(:has([value=weekly]:checked)) .of-weekly, .when:not(:has([value=monthly]:checked)) .of-monthly { display: none; }
output { display: block; margin-bottom: 1rem; } mark { background: none; color: var(--wrong); text-decoration: underline wavy; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(16rem, 100%), 1fr)); gap: 0 1.25rem; }
.filters { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: end; margin-bottom: 1rem; }
.filters .field { flex: 1 1 9rem; margin: 0; }
button, .button { font: inherit; font-weight: 600; cursor: pointer; border: 1px solid var(--accent); border-radius: 6px;
  padding: .55rem 1.1rem; background: var(--accent); color: var(--on-accent); text-decoration: none; display: inline-block; }
button[disabled] { opacity: .6; cursor: default; }
.second { background: transparent; color: var(--accent); }
.danger { background: transparent; color: var(--wrong); border-color: var(--wrong); }
.act { display: inline-block; }
.act button, li form button, li .button, td .button, td button { padding: .25rem .75rem; font-size: .95rem; }
.title .act button, .acts .act button { padding: .55rem 1.1rem; font-size: inherit; } div.row { margin-bottom: 1rem; } .title .row, .line .row { margin-bottom: 0; }
main > .row > .act > button, .sheet > .row > .act > button { padding: .55rem 1.1rem; font-size: 1rem; }
button.choice { display: block; width: 100%; text-align: left; margin-bottom: .75rem; background: transparent; color: inherit;
  border-color: var(--line); }
button.choice:hover { border-color: var(--accent); }
button small { color: var(--quiet); font-weight: 400; display: block; }
`;

const PICTURES = `
svg { display: block; max-width: 100%; height: auto; }
svg text { fill: var(--quiet); font: 11px system-ui, sans-serif; }
svg .succeeded { fill: var(--good); } svg .failed, svg .timed_out { fill: var(--wrong); } svg .missed, svg .skipped { fill: var(--warn); }
svg .cancelled, svg .none { fill: var(--line); } svg .axis { stroke: var(--line); } svg .median { stroke: var(--accent); fill: none; }
svg .fire { fill: var(--accent); } svg .crowd { fill: var(--warn); }
svg .hollow { fill: none; stroke: currentColor; stroke-width: 1.5; } svg .limit { stroke: var(--wrong); stroke-dasharray: 4 4; } svg .room { fill: transparent; }
svg a:hover .room { fill: var(--soft); }
.strip, .on-narrow { display: none; } .strip.on-wide { display: block; }
@media (max-width: 40rem) { svg.on-wide, .strip.on-wide { display: none; } svg.on-narrow { display: block; } }
svg .pending_retry { fill: var(--warn); } svg .ground { fill: var(--soft); } svg .over { fill: none; stroke: var(--line); stroke-dasharray: 1 3; }
svg .shade-1 { fill-opacity: .12; } svg .shade-2 { fill-opacity: .25; } svg .shade-3 { fill-opacity: .42; } svg .shade-4 { fill-opacity: .85; }
svg .cell { fill: var(--ink); } svg .inked { fill: var(--on-accent); }
svg .queue { stroke: var(--quiet); stroke-width: 1.5; } svg .wait { stroke: var(--warn); stroke-width: 2.5; stroke-dasharray: .1 6; stroke-linecap: round; }
.days-large { width: 100%; } .cards .days-small { margin-top: .75rem; }
figure { margin: 0 0 1rem; }
figcaption { color: var(--quiet); font-size: .9rem; margin-top: .35rem; }
img.capture { display: block; width: 100%; height: auto; border: 1px solid var(--line); border-radius: 10px; background: #fff; }
`;

export const STYLE = COLOURS + GROUND + SHEETS + MARKS + FORMS + PICTURES;
