/**
 * Standard Webhooks 1.0.0 signatures (https://www.standardwebhooks.com): how a receiver knows that a call is ours.
 *
 * A project's secret is derived from the deployment's key and a generation number, so nothing secret is stored and a
 * rotation is a number that counts up.
 */
import { createHmac } from "node:crypto";
import type { ProjectScope } from "../domain/access.ts";
import { projectObjectName } from "../domain/access.ts";

const SECRET_PREFIX = "whsec_";

/** The signing secret of a project: `whsec_` and 32 bytes in base64. */
export function signingSecret(key: string, scope: ProjectScope, generation: number): string {
  const bytes = createHmac("sha256", Buffer.from(key, "base64"))
    .update(`signing-secret|${projectObjectName(scope)}|${generation}`)
    .digest("base64");
  return `${SECRET_PREFIX}${bytes}`;
}

export interface SignedMessage {
  /** The same on every repetition, without a dot. */
  readonly id: string;
  /** Seconds since 1970 of this very attempt. */
  readonly timestamp: number;
  /** Exactly the bytes that are sent. */
  readonly body: string;
}

/** The three headers; one signature for each secret, so that both work while one replaces the other. */
export function signatureHeaders(message: SignedMessage, secrets: readonly string[]): Record<string, string> {
  return {
    "webhook-id": message.id,
    "webhook-timestamp": String(message.timestamp),
    "webhook-signature": secrets.map((secret) => sign(message, secret)).join(" "),
  };
}

function sign(message: SignedMessage, secret: string): string {
  const signature = createHmac("sha256", Buffer.from(secret.slice(SECRET_PREFIX.length), "base64"))
    .update(`${message.id}.${message.timestamp}.${message.body}`)
    .digest("base64");
  return `v1,${signature}`;
}
