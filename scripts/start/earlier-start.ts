/**
 * What an earlier start has left. Two runtimes on one state would each ring its alarms, so one that still lives is
 * respected and one that was orphaned (its start and wrangler were both killed hard) is ended.
 */
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { processes } from "./processes.ts";
import { readUsers } from "./state.ts";
import { Trouble } from "./trouble.ts";

/** How long an earlier start that is on its way out may take to let go of its port. */
const PATIENCE_MS = 6_000;
const ASK_AGAIN_MS = 200;

/** Throws when another start uses this state; ends what an earlier one orphaned. */
export async function takeOver(state: string): Promise<void> {
  const users = readUsers(state);
  if (users === undefined) return;
  const isAlive = () =>
    processes().some(({ pid, args }) => pid === users.start && args.includes("with-node-24.mjs start"));
  if (await staysSo(isAlive)) {
    throw new Trouble(
      `Carillon already runs on this state (process ${users.start}).`,
      "Stop that one first, or start this one on a state of its own: CARILLON_STATE=.carillon/other PORT=8788 npm start",
    );
  }
  const orphans = () => processes().filter(({ group, args }) => group === users.group && args.includes("workerd"));
  if (await staysSo(() => orphans().length > 0)) for (const { pid } of orphans()) process.kill(pid, "SIGKILL");
}

/** Waits for a port; throws when somebody keeps it. */
export async function expectFree(port: number): Promise<void> {
  const isTakenAnywhere = async () => (await isTaken(port, "127.0.0.1")) || (await isTaken(port, "::1"));
  if (!(await staysSo(isTakenAnywhere))) return;
  throw new Trouble(
    `Port ${port} is taken.`,
    `Another program listens there, perhaps an earlier start. Stop it, or choose another port: PORT=${port + 1} npm start`,
  );
}

/** True when it is so and stays so for longer than a start needs to stop. */
async function staysSo(ask: () => boolean | Promise<boolean>): Promise<boolean> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(ASK_AGAIN_MS)) {
    if (!(await ask())) return false;
  }
  return true;
}

const isTaken = (port: number, host: string): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    // A machine without IPv6 answers that the address is not available, which is not the same as taken.
    server.once("error", (error) => resolve("code" in error && error.code === "EADDRINUSE"));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(false)));
  });
