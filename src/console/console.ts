/** The console: its pages, one after the other. */
import { Hono } from "hono";
import { now } from "../system.ts";
import type { AnswerRequest } from "./client.ts";
import type { ConsoleEnv, Pages } from "./door.tsx";
import { mountHome } from "./home.tsx";
import { mountIcon } from "./icon.ts";
import { mountInvitations } from "./invitations.tsx";
import { mountNewVersion } from "./new-version.tsx";
import { mountOutbox } from "./outbox.tsx";
import { mountProject } from "./project.tsx";
import { mountProjectAccess } from "./project-access.tsx";
import { mountProjectApp } from "./project-app.tsx";
import { mountProjectNotifications } from "./project-notifications.tsx";
import { mountProjectSecret } from "./project-secret.tsx";
import { mountProjectSettings } from "./project-settings.tsx";
import { mountRun } from "./run.tsx";
import { showThrown } from "./showing-refusals.tsx";
import { mountSignIn } from "./sign-in.tsx";
import { mountSignOut } from "./sign-out.tsx";
import { mountSlack } from "./slack.tsx";
import { mountStyle } from "./style-file.ts";
import { mountUnsubscribing } from "./unsubscribing.tsx";
import { mountVersion } from "./version.tsx";
import { mountVersions } from "./versions.tsx";
import { mountWorkspaceChoice } from "./workspace-choice.tsx";

/** The choice comes before the links, whose pattern its address would fit. */
const PAGES: readonly ((pages: Pages) => void)[] = [
  mountHome,
  mountWorkspaceChoice,
  mountSignIn,
  mountSignOut,
  mountInvitations,
  mountProject,
  mountProjectSettings,
  mountProjectSecret,
  mountProjectAccess,
  mountProjectApp,
  mountProjectNotifications,
  mountVersions,
  mountNewVersion,
  mountVersion,
  mountRun,
  mountSlack,
  mountUnsubscribing,
  mountOutbox,
  mountIcon,
  mountStyle,
];

/** What the console is handed: a room of its own floor, which it does not know. */
export interface ConsoleParts {
  readonly answerRequest: AnswerRequest;
}

/** Builds the console. It has no answer of its own to unknown addresses: that is for what it is mounted into. */
export function createConsole({ answerRequest }: ConsoleParts): Pages {
  const pages: Pages = new Hono<ConsoleEnv>();
  pages.use("*", async (c, next) => {
    const begun = now();
    c.set("answerRequest", answerRequest);
    await next();
    c.header("server-timing", `page;dur=${now() - begun}`);
  });
  showThrown(pages);
  for (const mountPages of PAGES) mountPages(pages);
  return pages;
}
