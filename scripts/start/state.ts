/** The state directory of a start on this machine: what is in it beside wrangler's own files. */
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Trouble } from "./trouble.ts";

const KEY_BYTES = 32;
/** For the owner alone: the files hold a key and a token. */
const PRIVATE_FILE = 0o600;
const PRIVATE_DIRECTORY = 0o700;

/** What one start leaves for the next. */
export interface Memory {
  readonly token?: string;
  readonly operatorToken?: string;
  readonly receiverPort?: number;
}

/** Who uses the state: the start, and the process group that wrangler leads. */
export interface Users {
  readonly start: number;
  readonly group: number;
}

export function makeStateDirectory(state: string): void {
  try {
    mkdirSync(state, { recursive: true, mode: PRIVATE_DIRECTORY });
  } catch (cause) {
    throw new Trouble(
      `The state cannot be kept in ${state} (${codeOf(cause)}).`,
      "Name another place in CARILLON_STATE.",
    );
  }
}

/** The key of this state. Made once: what was sealed and signed with it must stay readable. */
export function keyOf(state: string): string {
  const path = join(state, "key");
  if (!existsSync(path)) writePrivately(path, `${randomBytes(KEY_BYTES).toString("base64")}\n`);
  return readFileSync(path, "utf8").trim();
}

export const readMemory = (state: string): Memory => readJson<Memory>(join(state, "demo.json")) ?? {};
export const keepMemory = (state: string, memory: Memory): void =>
  writePrivately(join(state, "demo.json"), toText(memory));

export const readUsers = (state: string): Users | undefined => readJson<Users>(join(state, "users.json"));
export const keepUsers = (state: string, users: Users): void =>
  writePrivately(join(state, "users.json"), toText(users));

/** Whole or not at all, so that whoever waits for the file never reads half of it. */
export function writePrivately(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text, { mode: PRIVATE_FILE });
  chmodSync(draft, PRIVATE_FILE);
  renameSync(draft, path);
}

export const toText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Absent, or spoiled by hand: it is made again either way. */
function readJson<Value>(path: string): Value | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Value;
  } catch {
    return undefined;
  }
}

const codeOf = (cause: unknown): string =>
  cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
