/** How the console looks: by day and by night, on a phone and on a desk. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f6f5f2, #16181c); --paper: light-dark(#fff, #1e2127); --ink: light-dark(#1d2026, #e8e6e1);
  --quiet: light-dark(#5b606b, #a2a7b3); --line: light-dark(#dddad3, #363b45); --accent: light-dark(#1f5fbf, #8ab4ff);
  --on-accent: light-dark(#fff, #10203c); --wrong: light-dark(#a3261d, #ff9d94);
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
body > header { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: baseline; padding: 1rem 1.5rem;
  border-bottom: 1px solid var(--line); background: var(--paper); }
.brand { font-weight: 700; letter-spacing: .02em; color: var(--ink); text-decoration: none; }
.where { color: var(--quiet); overflow-wrap: anywhere; }
main { max-width: 44rem; margin: 2.5rem auto; padding: 0 1.5rem; }
main.narrow { max-width: 28rem; margin-top: 12vh; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 2rem 0 .75rem; }
.sheet { background: var(--paper); border: 1px solid var(--line); border-radius: 10px; padding: 1.5rem; }
.sheet > :last-child, .sheet form:last-child > :last-child { margin-bottom: 0; }
p { margin: 0 0 1rem; overflow-wrap: anywhere; }
a { color: var(--accent); }
label { display: block; font-weight: 600; margin-bottom: .35rem; }
input { width: 100%; font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--quiet);
  border-radius: 6px; padding: .55rem .75rem; margin-bottom: 1rem; }
input[aria-invalid] { border-color: var(--wrong); }
button { font: inherit; font-weight: 600; cursor: pointer; border: 1px solid var(--accent); border-radius: 6px;
  padding: .55rem 1.1rem; background: var(--accent); color: var(--on-accent); }
button.second { background: transparent; color: var(--accent); }
button.choice { display: block; width: 100%; text-align: left; margin-bottom: .75rem; background: transparent; color: inherit;
  border-color: var(--line); }
button.choice:hover { border-color: var(--accent); }
button small, .quiet { color: var(--quiet); font-weight: 400; }
button small { display: block; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.wrong { color: var(--wrong); }
.row { display: flex; flex-wrap: wrap; gap: .75rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1.25rem; margin: 0; }
dl + p { margin-top: 1.25rem; }
dt { color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; }
ul.sheet { list-style: none; margin: 0; padding-block: .25rem; }
ul.sheet li { padding: .75rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
ul.sheet li:first-child { border-top: 0; }
.mark { border: 1px solid var(--line); border-radius: 99px; padding: 0 .6rem; font-size: .85rem; color: var(--quiet); white-space: nowrap; }
code { font: 14px ui-monospace, monospace; }
`;
