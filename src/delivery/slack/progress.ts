/** What a delivery by Slack remembers between its steps and attempts. */
import type { Json } from "../../domain/json.ts";
import { asObject, asText } from "./api.ts";

/** The message that was posted, and the file that was, or may have been, published in its thread. */
export interface SlackProgress {
  readonly channel: string;
  /** Slack's time stamp, which names a message within its channel. */
  readonly ts: string;
  readonly file?: string;
}

/** From what the ledger kept; null when no message was posted. */
export function readProgress(kept: Json | null): SlackProgress | null {
  const fields = asObject(kept);
  const [channel, ts, file] = [asText(fields?.channel), asText(fields?.ts), asText(fields?.file)];
  if (channel === "" || ts === "") return null;
  return file === "" ? { channel, ts } : { channel, ts, file };
}

/** As the ledger keeps it. */
export const toProgress = ({ channel, ts, file }: SlackProgress): Json =>
  file === undefined ? { channel, ts } : { channel, ts, file };
