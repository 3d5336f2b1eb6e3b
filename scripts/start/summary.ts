/** What a person is told when all is up. */
import { relative } from "node:path";
import { ADMIN_EMAIL } from "./ways-in.ts";

export interface Running {
  readonly url: string;
  readonly token: string;
  readonly operatorToken: string;
  readonly signInUrl: string;
  readonly receiverUrl: string;
  readonly state: string;
  /** Why this machine has no browser that takes captures; null: it has one. */
  readonly missingBrowser: string | null;
}

/** The local runtime then tries to download one of its own, when the first capture is taken. */
const withoutBrowser = (why: string): string => `
  Captures  ${why}; where none can be downloaded either, captures fail and say so`;

export const summary = ({ url, token, signInUrl, receiverUrl, state, missingBrowser }: Running): string => `
Carillon is running.

  Sign in   ${signInUrl}
            works until the next start; you are ${ADMIN_EMAIL}, an admin
  API       ${url}/v1
  Docs      ${url}/docs
  Demo      the project "demo": three schedules, whose functions live at ${receiverUrl}
  Examples  "report", "clean-up" and "reminder": code of examples/, with an app each: ${url}/v1/projects/report/app
  Outbox    ${url}/outbox: mail and Slack messages stay on this machine; a mail of "report" comes every ten minutes${missingBrowser === null ? "" : withoutBrowser(missingBrowser)}
  State     ${relative("", state).startsWith("..") ? state : relative("", state)}

Look at the last runs:

  curl -s "${url}/v1/projects/demo/runs?limit=5" -H "Authorization: Bearer ${token}"

Ctrl+C stops everything; the next start goes on from here.

`;
