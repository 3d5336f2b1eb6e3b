/** What a person is told when all is up. */
import { relative } from "node:path";

export interface Running {
  readonly url: string;
  readonly token: string;
  readonly receiverUrl: string;
  readonly state: string;
}

export const summary = ({ url, token, receiverUrl, state }: Running): string => `
Carillon is running.

  API       ${url}/v1
  Docs      ${url}/docs
  Console   not in this release yet; the docs are the page to open
  Demo      the project "demo": three schedules, whose functions live at ${receiverUrl}
  State     ${relative("", state).startsWith("..") ? state : relative("", state)}

Look at the last runs:

  curl -s "${url}/v1/projects/demo/runs?limit=5" -H "Authorization: Bearer ${token}"

Ctrl+C stops everything; the next start goes on from here.

`;
