/** Whether a request is Slack's (docs.slack.dev/authentication/verifying-requests-from-slack). */
import { timingSafeEqual } from "node:crypto";
import { type Instant, MINUTE_MS, type Milliseconds, SECOND_MS } from "../../domain/time/instant.ts";
import { mac, macKey } from "../../http/mac.ts";

/** What is older, or younger, was recorded and is sent again. */
const TOLERANCE_MS: Milliseconds = 5 * MINUTE_MS;

export interface SlackSignature {
  /** Of `x-slack-request-timestamp`: whole seconds. */
  readonly timestamp: string | null;
  /** Of `x-slack-signature`: `v0=` and hex. */
  readonly signature: string | null;
}

/** Verifies the body as it came, byte for byte. */
export async function isFromSlack(
  signingSecret: string,
  { timestamp, signature }: SlackSignature,
  body: string,
  now: Instant,
): Promise<boolean> {
  if (timestamp === null || signature === null || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now - Number(timestamp) * SECOND_MS) > TOLERANCE_MS) return false;
  const key = await macKey(new TextEncoder().encode(signingSecret));
  const expected = Buffer.from(`v0=${(await mac(key, `v0:${timestamp}:${body}`)).toString("hex")}`);
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
