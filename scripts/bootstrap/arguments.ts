/** What `npm run bootstrap` is told. */
import { parseArgs } from "node:util";
import { normalEmail } from "../../src/directory/memberships.ts";
import { PLAN_NAMES, type PlanName } from "../../src/domain/plan.ts";
import { Trouble } from "../start/trouble.ts";

/** What a deployment begins with, and where it is. */
export interface Wanted {
  readonly email: string;
  readonly name: string;
  readonly plan: PlanName;
  /** On this machine instead of in Cloudflare. */
  readonly local: boolean;
  /** Where people reach the deployment; undefined: not told. */
  readonly url: string | undefined;
}

const USAGE = `npm run bootstrap -- --email ada@example.com --name Acme [--plan ${PLAN_NAMES.join("|")}] [--url https://...] [--local]`;
const NAME_MAX_LENGTH = 200;

const OPTIONS = {
  email: { type: "string" },
  name: { type: "string" },
  plan: { type: "string", default: "team" },
  url: { type: "string" },
  local: { type: "boolean", default: false },
} as const;

/** Throws a `Trouble` that says what would have been right. */
export function readArguments(args: readonly string[]): Wanted {
  const { email: address, name: given, plan: chosen, url, local } = parse(args);
  if (address === undefined) throw wrong("--email is missing.", "It takes the address of the first admin.");
  const email = normalEmail(address);
  if (email === null) throw wrong(`--email is ${JSON.stringify(address)}.`, "It takes one address: ada@example.com.");
  const name = given?.trim() ?? "";
  if (name === "") throw wrong("--name is missing.", "It takes the name of the first workspace, such as Acme.");
  if (name.length > NAME_MAX_LENGTH || /\p{Cc}/u.test(name))
    throw wrong("--name cannot be a name.", `It takes up to ${NAME_MAX_LENGTH} characters on one line.`);
  const plan = PLAN_NAMES.find((one) => one === chosen);
  if (plan === undefined) throw wrong(`--plan is ${JSON.stringify(chosen)}.`, `It takes ${PLAN_NAMES.join(", ")}.`);
  if (url !== undefined && !/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ""))
    throw wrong(`--url is ${JSON.stringify(url)}.`, "It takes the address of the deployment, with https://.");
  return { email, name, plan, local, url };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (cause) {
    throw wrong(cause instanceof Error ? cause.message : String(cause), "There are no other arguments than these:");
  }
}

const wrong = (what: string, right: string): Trouble => new Trouble(what, `${right}\n${USAGE}`);
