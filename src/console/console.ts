/** The console: its pages, one after the other. */
import { Hono } from "hono";
import type { ConsoleEnv, Pages } from "./door.tsx";
import { mountHome } from "./home.tsx";
import { mountInvitations } from "./invitations.tsx";
import { mountOutbox } from "./outbox.tsx";
import { mountProject } from "./project.tsx";
import { mountRun } from "./run.tsx";
import { mountSignIn } from "./sign-in.tsx";
import { mountSignOut } from "./sign-out.tsx";
import { mountSlack } from "./slack.tsx";
import { showTrouble } from "./trouble.tsx";
import { mountUnsubscribing } from "./unsubscribing.tsx";
import { mountWorkspaceChoice } from "./workspace-choice.tsx";

/** The choice comes before the links, whose pattern its address would fit. */
const PAGES: readonly ((pages: Pages) => void)[] = [
  mountHome,
  mountWorkspaceChoice,
  mountSignIn,
  mountSignOut,
  mountInvitations,
  mountProject,
  mountRun,
  mountSlack,
  mountUnsubscribing,
  mountOutbox,
];

/** Builds the console. It has no answer of its own to unknown addresses: that is for what it is mounted into. */
export function createConsole(): Pages {
  const pages: Pages = new Hono<ConsoleEnv>();
  pages.onError(showTrouble);
  for (const mountPages of PAGES) mountPages(pages);
  return pages;
}
