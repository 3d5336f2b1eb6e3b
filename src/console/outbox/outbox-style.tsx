/** How the outbox looks beside what every page of the console has: a mail's frame, and Slack as it looks. */
import { raw } from "hono/html";

export const OUTBOX_SHEET = `
iframe.mail { display: block; width: 100%; min-width: 280px; max-width: 100%; height: 80vh;
  min-height: 44rem; resize: both; border: 1px solid var(--line);
  border-radius: 10px; background: Canvas; }
pre.source { white-space: pre-wrap; overflow-wrap: anywhere; font: 14px/1.5 ui-monospace, monospace; margin: 0; }
details { margin: 1rem 0; }
summary { cursor: pointer; font-weight: 600; margin-bottom: .5rem; }
.slack { font: 15px/1.47 Lato, system-ui, sans-serif; }
.slack .by { font-weight: 700; }
.slack .app { font-size: 10px; font-weight: 600; border: 1px solid var(--line); border-radius: 3px; padding: 0 4px; color: var(--quiet); }
.slack h2 { font-size: 18px; margin: .5rem 0; }
.slack p, .slack ul { margin: .35rem 0; }
.slack .fields { display: grid; grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr)); gap: .5rem 1rem; margin: .5rem 0; }
.slack .context { color: var(--quiet); font-size: 13px; }
.slack hr { border: 0; border-top: 1px solid var(--line); margin: .75rem 0; }
.slack .action { display: inline-block; border: 1px solid var(--quiet); border-radius: 6px; padding: .3rem .8rem; font-weight: 700;
  color: var(--ink); text-decoration: none; margin: .35rem .5rem .35rem 0; }
.slack .action.primary { background: #007a5a; border-color: #007a5a; color: #fff; }
.slack .action.danger { border-color: var(--wrong); color: var(--wrong); }
.slack img { display: block; max-width: 100%; height: auto; border: 1px solid var(--line); border-radius: 8px; margin: .35rem 0; }
.slack blockquote { margin: .35rem 0; padding-left: .75rem; border-left: 4px solid var(--line); }
.slack .file { margin: .5rem 0; border: 1px solid var(--line); border-radius: 8px; padding: .75rem; }
.slack .file img { border: 0; margin: 0 0 .5rem; }
.slack .reply { border-left: 2px solid var(--line); padding-left: .75rem; }
`;

export const OutboxStyle = () => <style>{raw(OUTBOX_SHEET)}</style>;
