/** What a run leaves behind: what its functions returned, and what they wrote to its log. Pure. */
import type { Json } from "./json.ts";
import type { Output } from "./run.ts";

/** What one function returned. */
export interface OutputItem {
  readonly fn: string;
  readonly value: Json;
}

export const LOG_LEVELS = ["debug", "log", "info", "warn", "error"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** One line that a code function wrote. */
export interface LogLine {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly fn: string;
  readonly level: LogLevel;
  readonly text: string;
}

/** The JSON that is stored as a run's `Output`. Items come in the order in which the functions ran. */
export interface RunOutput {
  readonly items: readonly OutputItem[];
  /** Absent where nothing was written. */
  readonly log?: { readonly lines: readonly LogLine[]; readonly truncated: boolean };
}

/** The JSON text of an output, as the executor or the completion of a run wrote it. */
export const parseRunOutput = (json: string): RunOutput => JSON.parse(json) as RunOutput;

/** Whether there is nothing to show: no function returned anything. What is too big for a row is something. */
export const isBlank = (output: Output): boolean =>
  output.stored === "inline" && parseRunOutput(output.json).items.every(({ value }) => value === null);
