/** What the environment says about a start on this machine. */
import { resolve } from "node:path";
import { Trouble } from "./trouble.ts";

export interface Settings {
  /** Where the databases, the actors and the key are kept. */
  readonly state: string;
  readonly port: number;
  /** The demo's endpoint; absent: the one of the last start, or any that is free. */
  readonly receiverPort: number | undefined;
  /** Where programs find the address and the token of what runs. */
  readonly devFile: string;
  /** Show everything that wrangler says. */
  readonly verbose: boolean;
}

const DEFAULT_PORT = 8_787;
const PORT_MAX = 65_535;

export function readSettings(env: NodeJS.ProcessEnv): Settings {
  return {
    state: resolve(env.CARILLON_STATE || ".carillon/state"),
    port: readPort("PORT", env.PORT) ?? DEFAULT_PORT,
    receiverPort: readPort("RECEIVER_PORT", env.RECEIVER_PORT),
    devFile: resolve(env.CARILLON_DEV_FILE || ".carillon/dev.json"),
    verbose: (env.CARILLON_VERBOSE ?? "0") !== "0" && env.CARILLON_VERBOSE !== "",
  };
}

function readPort(name: string, text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port <= PORT_MAX) return port;
  throw new Trouble(
    `${name} is ${JSON.stringify(text)}.`,
    `It takes a port from 1 to ${PORT_MAX}, such as ${DEFAULT_PORT}.`,
  );
}
