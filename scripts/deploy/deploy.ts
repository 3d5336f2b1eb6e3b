/**
 * The steps of a deployment. Each can be repeated: what is there is left alone, and a run that was cut short goes on with
 * the next one. Migrations come before the code that needs them; they only ever add, so the old code lives with them.
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isEmpty } from "../bootstrap/bootstrap.ts";
import { Trouble } from "../start/trouble.ts";

/** Runs wrangler and answers what it said; rejects when it fails. */
export type Wrangle = (args: readonly string[]) => Promise<string>;

export interface Deployed {
  /** Null: that of the routes in wrangler.toml, which wrangler does not say. */
  readonly address: string | null;
  /** Whether it has no workspace yet. */
  readonly isFresh: boolean;
}

const CONFIG = readFileSync("wrangler.toml", "utf8");
const DATABASES = namesOf("database_name");
const BUCKETS = namesOf("bucket_name");
const QUEUES = [...new Set([...namesOf("dead_letter_queue"), ...namesOf("queue")])];
const SECRET = "CARILLON_KEY";
const KEY_BYTES = 32;

export async function deploy(wrangle: Wrangle, say: (line: string) => void): Promise<Deployed> {
  await expectLogin(wrangle);
  await provision(wrangle, say);
  for (const name of DATABASES) {
    say(`Applying the migrations of ${name}.`);
    await step(wrangle, ["d1", "migrations", "apply", name, "--remote"], `The migrations of ${name} were not applied.`);
  }
  say("Deploying.");
  const said = await upload(wrangle, say);
  const [address] = /https:\/\/[\w.-]+\.workers\.dev/.exec(said) ?? [];
  const query = (sql: string) =>
    wrangle(["d1", "execute", "DIRECTORY", "--remote", "--yes", "--json", "--command", sql]);
  return { address: address ?? null, isFresh: await isEmpty(query) };
}

/** Throws when wrangler is not logged in. */
export async function expectLogin(wrangle: Wrangle): Promise<void> {
  const isIn = await wrangle(["whoami", "--json"]).then(
    (said) => !/"loggedIn":\s*false/.test(said),
    () => false,
  );
  if (isIn) return;
  throw new Trouble(
    "Nobody is logged in to Cloudflare.",
    "Run `npx wrangler login`, or set CLOUDFLARE_API_TOKEN (and CLOUDFLARE_ACCOUNT_ID, if the token sees several accounts).",
  );
}

/** What must be there before a deploy can name it. The consumers' queues are not made by a deploy. */
async function provision(wrangle: Wrangle, say: (line: string) => void): Promise<void> {
  const databases = await step(wrangle, ["d1", "list", "--json"], "The databases could not be listed.");
  for (const name of DATABASES) {
    if (databases.includes(`"${name}"`)) continue;
    say(`Making the database ${name}.`);
    await step(wrangle, ["d1", "create", name], `The database ${name} was not made.`);
  }
  for (const bucket of BUCKETS) await make(wrangle, say, ["r2", "bucket", "create", bucket], bucket);
  for (const queue of QUEUES) await make(wrangle, say, ["queues", "create", queue], queue);
}

/** Makes something unless it is there already. */
async function make(wrangle: Wrangle, say: (line: string) => void, args: string[], name: string): Promise<void> {
  try {
    await wrangle(args);
    say(`Made ${name}.`);
  } catch (cause) {
    if (!/already (?:exists|taken|owned|own)|is already/i.test(textOf(cause)))
      throw failed(`${name} was not made.`, cause);
  }
}

/** With the key, the first time: losing it would mean rotating every signing secret, so it is never replaced. */
async function upload(wrangle: Wrangle, say: (line: string) => void): Promise<string> {
  const what = "The Worker was not deployed.";
  if (await hasKey(wrangle)) return step(wrangle, ["deploy"], what);
  say(`Making the secret ${SECRET}.`);
  const directory = mkdtempSync(join(tmpdir(), "carillon-deploy-"));
  try {
    const file = join(directory, "secrets.json");
    writeFileSync(file, JSON.stringify({ [SECRET]: randomBytes(KEY_BYTES).toString("base64") }), { mode: 0o600 });
    return await step(wrangle, ["deploy", "--secrets-file", file], what);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function hasKey(wrangle: Wrangle): Promise<boolean> {
  try {
    return (await wrangle(["secret", "list", "--format", "json"])).includes(`"${SECRET}"`);
  } catch (cause) {
    // 10007: there is no such Worker yet. Anything else might hide a key that is there.
    if (/\b10007\b|not found|does not exist/i.test(textOf(cause))) return false;
    throw failed("The secrets could not be listed.", cause);
  }
}

async function step(wrangle: Wrangle, args: readonly string[], what: string): Promise<string> {
  try {
    return await wrangle(args);
  } catch (cause) {
    throw failed(what, cause);
  }
}

const failed = (what: string, cause: unknown): Trouble => new Trouble(what, textOf(cause).trim());

/** What wrangler said, where it said something. */
function textOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const said = ["stdout", "stderr"].map((stream) => (stream in cause ? String(Reflect.get(cause, stream)) : ""));
  return said.join("").trim() === "" ? cause.message : said.join("");
}

/** What wrangler.toml calls things, by the field that names them. */
function namesOf(field: string): readonly string[] {
  return [...CONFIG.matchAll(new RegExp(`^${field} = "([\\w-]+)"`, "gm"))].map(([, name]) => name ?? "");
}
