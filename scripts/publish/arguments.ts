/** What `npm run publish-code` is told. */
import { parseArgs } from "node:util";
import { Trouble } from "../start/trouble.ts";

export interface Wanted {
  readonly folder: string;
  /** A project's id or slug. */
  readonly project: string;
  readonly url: string;
  readonly token: string;
  /** Absent: Carillon chooses. */
  readonly main: string | undefined;
  /** Only say what publishing would do. */
  readonly dryRun: boolean;
  /** False: the app is left as it is until a scheduled run. */
  readonly refresh: boolean;
}

const USAGE =
  "npm run publish-code -- examples/report --project report [--main index.js] [--dry-run] [--no-refresh] [--url https://...]";

const OPTIONS = {
  project: { type: "string" },
  main: { type: "string" },
  url: { type: "string" },
  "dry-run": { type: "boolean", default: false },
  "no-refresh": { type: "boolean", default: false },
} as const;

/** Throws a `Trouble` that says what would have been right. */
export function readArguments(args: readonly string[], env: NodeJS.ProcessEnv): Wanted {
  const { values, positionals } = parse(args);
  const [folder, ...others] = positionals;
  if (folder === undefined || others.length > 0)
    throw wrong(`There are ${positionals.length} folders.`, "It takes the folder that the modules are in.");
  if (values.project === undefined) throw wrong("--project is missing.", "It takes a project's slug or id.");
  const url = (values.url ?? env.CARILLON_URL ?? "").replace(/\/+$/, "");
  if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ""))
    throw wrong(`The address is ${JSON.stringify(url)}.`, "Put the deployment's into CARILLON_URL or --url.");
  const token = env.CARILLON_TOKEN ?? "";
  // Not an argument: whoever lists the machine's processes would read it.
  if (token === "") throw wrong("CARILLON_TOKEN is missing.", "Put a token into it that may edit the project.");
  const { project, main } = values;
  return { folder, project, url, token, main, dryRun: values["dry-run"], refresh: !values["no-refresh"] };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (cause) {
    throw wrong(cause instanceof Error ? cause.message : String(cause), "There are no other options than these:");
  }
}

const wrong = (what: string, right: string): Trouble => new Trouble(what, `${right}\n${USAGE}`);
