/** How the pages of projects and runs look beside what every page of the console has. */
import { raw } from "hono/html";
import type { Drawn, Looks, Visit } from "./door.tsx";
import { showWith } from "./door.tsx";

const PROJECT_SHEET = `
img.capture { display: block; width: 100%; height: auto; border: 1px solid var(--line); border-radius: 10px; background: #fff; }
.good { color: light-dark(#1a6b3c, #7fd8a4); }
.sheet + p { margin-top: 1rem; }
.sheet > dl + p, .sheet > p + dl { margin-top: 1.25rem; }
li form { margin-top: .5rem; }
li button { padding: .3rem .8rem; }
li > p { margin: .25rem 0; }
.said { margin: 0 0 1rem; overflow-wrap: anywhere; white-space: pre-wrap; }
li > .said { margin: .25rem 0; }
.said summary { cursor: pointer; white-space: normal; }
.said[open] .start { display: none; }
.news { border-left: 4px solid var(--accent); padding-left: .75rem; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: 14px/1.5 ui-monospace, monospace; margin: 0 0 1rem; }
`;

export const ProjectStyle = () => <style>{raw(PROJECT_SHEET)}</style>;

/** Its own sheet, and captures, which this deployment serves itself. */
const LOOKS: Looks = { styles: [PROJECT_SHEET], rules: ["img-src 'self'"] };

/** Answers with a page that holds `ProjectStyle`. */
export const showProject = (c: Visit, page: Drawn): Promise<Response> => showWith(c, page, LOOKS);
