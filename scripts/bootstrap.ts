/** `npm run bootstrap`: the first workspace of a fresh deployment, and the ways into it. */
import { readFileSync } from "node:fs";
import type { Bootstrapped } from "../src/directory/first-workspace.ts";
import { readArguments, type Wanted } from "./bootstrap/arguments.ts";
import { beginDeployment, type Query } from "./bootstrap/bootstrap.ts";
import { expectLogin } from "./deploy/deploy.ts";
import { takeOver } from "./start/earlier-start.ts";
import { readSettings } from "./start/settings.ts";
import { makeStateDirectory } from "./start/state.ts";
import { tell } from "./start/trouble.ts";
import { quietly, wrangle } from "./start/wrangler.ts";

async function begin(): Promise<string> {
  // Behind Node, with-node-24.mjs and the name of this script.
  const wanted = readArguments(process.argv.slice(3));
  const query = wanted.local ? await openLocal() : await openDeployed();
  return summary(wanted, await beginDeployment(query, wanted));
}

async function openDeployed(): Promise<Query> {
  const env = { ...process.env, CI: "1", WRANGLER_SEND_METRICS: "false", WRANGLER_HIDE_BANNER: "true" };
  const run = (args: readonly string[]) => wrangle(args, env);
  await expectLogin(run);
  return (sql) => run(["d1", "execute", "DIRECTORY", "--remote", "--yes", "--json", "--command", sql]);
}

/** Nobody else may have the local database open: a start that runs on it is told apart first. */
async function openLocal(): Promise<Query> {
  const { state } = readSettings(process.env);
  makeStateDirectory(state);
  await takeOver(state);
  const where = ["--local", "--persist-to", state];
  const run = (args: readonly string[]) => wrangle([...args, ...where], quietly(state));
  await run(["d1", "migrations", "apply", "DIRECTORY"]);
  return (sql) => run(["d1", "execute", "DIRECTORY", "--yes", "--json", "--command", sql]);
}

function summary(wanted: Wanted, { token, operatorToken, invitation }: Bootstrapped): string {
  const address = wanted.url?.replace(/\/+$/, "") ?? knownAddress(wanted);
  const beforePath = address ?? "(the address of the deployment)";
  return `
${wanted.name} is ready, on the plan ${wanted.plan}. All of this is shown once:

  Sign in           ${beforePath}/invitations/${invitation}
                    for ${wanted.email}, the first admin; works once, within seven days
  Workspace token   ${token}
                    what it does, it does as an admin of the workspace
  Operator token    ${operatorToken}
                    makes workspaces and sets their plans; it sees nothing inside of them

`;
}

/** Where people reach it, if that is written down. */
function knownAddress({ local }: Wanted): string | null {
  if (local) return `http://localhost:${readSettings(process.env).port}`;
  const [, address = ""] = /^PUBLIC_URL = "([^"]*)"/m.exec(readFileSync("wrangler.toml", "utf8")) ?? [];
  return address === "" ? null : address.replace(/\/+$/, "");
}

begin().then(
  (said) => process.stdout.write(said),
  (cause) => {
    tell("Nothing was made", cause);
    process.exit(1);
  },
);
