/** Has the local databases made ready by `prepare.ts`, and says in words when that fails. */
import { fork } from "node:child_process";
import { join } from "node:path";
import type { Preparation } from "./prepare.ts";
import { Trouble } from "./trouble.ts";
import type { WaysIn } from "./ways-in.ts";
import { quietly } from "./wrangler.ts";

/** The ways into the demo workspace. */
export function prepareDatabases(preparation: Preparation, key: string): Promise<WaysIn> {
  const child = fork(join(import.meta.dirname, "prepare.ts"), {
    env: quietly(preparation.state, { CARILLON_KEY: key }),
    execArgv: ["--no-warnings"],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (said += chunk));
  child.send(preparation);
  return new Promise((resolve, reject) => {
    child.once("message", (ways: WaysIn) => resolve(ways));
    child.once("error", reject);
    child.once("exit", (code) => {
      if (code !== 0) reject(notPrepared(preparation.state, said));
    });
  });
}

const notPrepared = (state: string, said: string): Trouble =>
  new Trouble(
    "The local databases could not be made ready.",
    `${said.trim()}\n\nWhere they are: ${state}. With nothing there to keep, delete that directory and start again.`,
  );
