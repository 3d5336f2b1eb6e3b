/** `npm run publish-code`: a folder of modules becomes the published version of a project. */
import { readArguments, type Wanted } from "./publish/arguments.ts";
import { type Published, publishFolder } from "./publish/publish.ts";
import { tell } from "./start/trouble.ts";

async function publish(): Promise<string> {
  // Behind Node, with-node-24.mjs and the name of this script.
  const wanted = readArguments(process.argv.slice(3), process.env);
  return summary(wanted, await publishFolder(wanted));
}

function summary({ project, url, dryRun }: Wanted, { version, functions, schedules, run }: Published): string {
  const plan = Object.entries(schedules).map(([what, names]) => `  ${what.padEnd(11)}${names.join(", ") || "-"}\n`);
  const said = dryRun
    ? `Version ${version} of ${project} is uploaded and not published. Of the functions' schedules, publishing it would leave:`
    : `Version ${version} of ${project} is published. What became of the functions' schedules:`;
  const refreshed = run === null ? "" : `\nIts functions run once for the app: ${url}/v1/projects/${project}/app\n`;
  return `\nFunctions: ${functions.join(", ")}\n${said}\n\n${plan.join("")}${refreshed}\n`;
}

publish().then(
  (said) => process.stdout.write(said),
  (cause) => {
    tell("Nothing was published", cause);
    process.exit(1);
  },
);
