/** The beginning of a deployment: its first workspace, through wrangler, since nothing else reaches the database from here. */
import { randomBytes } from "node:crypto";
import { type Bootstrapped, bootstrap } from "../../src/directory/first-workspace.ts";
import { UUID_RANDOM_BYTES, uuidv7 } from "../../src/domain/ids.ts";
import { Trouble } from "../start/trouble.ts";
import type { Wanted } from "./arguments.ts";
import { readAnswer, writtenDatabase } from "./written-database.ts";

/** Runs SQL and answers what wrangler prints. */
export type Query = (sql: string) => Promise<string>;

/** Makes the first workspace. Throws when there is one, having changed nothing. */
export async function beginDeployment(query: Query, { name, plan, email }: Wanted): Promise<Bootstrapped> {
  const newId = () => uuidv7(Date.now(), randomBytes(UUID_RANDOM_BYTES));
  const begun = await bootstrap(writtenDatabase(query), { name, plan, email }, { now: Date.now(), newId, randomBytes });
  if (begun.ok) return begun.value;
  throw new Trouble(
    "There is a workspace already, so nothing was changed.",
    "A deployment begins once. Its operator makes further workspaces: POST /v1/operator/workspaces with the operator token.",
  );
}

/** Whether nobody has begun yet. */
export async function isEmpty(query: Query): Promise<boolean> {
  const [counted] = readAnswer(await query("SELECT count(*) AS workspaces FROM workspaces"));
  return counted?.results[0]?.workspaces === 0;
}
