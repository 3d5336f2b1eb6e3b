/**
 * Standard Webhooks 1.0.0 signatures (https://www.standardwebhooks.com): how a receiver knows that a call is ours.
 *
 * A project's secret is derived from the deployment's key and a generation number, so nothing secret is stored and a
 * rotation is a number that counts up.
 */
import { createHmac } from "node:crypto";
import type { ProjectScope } from "../domain/access.ts";
import { projectObjectName } from "../domain/access.ts";
import { isSigningKey, signEd25519 } from "./ed25519.ts";
import { mac, macKey } from "./mac.ts";

const SECRET_PREFIX = "whsec_";

/** Secrets that were derived before: a busy project asks with each run. */
const derived = new Map<string, string>();
const DERIVED_MAX = 1_000;

/** The signing secret of a project: `whsec_` and 32 bytes in base64. */
export function signingSecret(key: string, scope: ProjectScope, generation: number): string {
  const name = `${projectObjectName(scope)}|${generation}`;
  const kept = `${key}|${name}`;
  const known = derived.get(kept);
  if (known !== undefined) return known;
  const bytes = createHmac("sha256", Buffer.from(key, "base64")).update(`signing-secret|${name}`).digest("base64");
  if (derived.size >= DERIVED_MAX) derived.clear();
  derived.set(kept, `${SECRET_PREFIX}${bytes}`);
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

/**
 * The three headers; one signature for each secret, so that both work while one replaces the other. A secret `whsec_…` makes a
 * `v1` signature, a private key `whsk_…` a `v1a` one.
 */
export async function signatureHeaders(
  message: SignedMessage,
  secrets: readonly string[],
): Promise<Record<string, string>> {
  const signatures = await Promise.all(secrets.map((secret) => sign(message, secret)));
  return {
    "webhook-id": message.id,
    "webhook-timestamp": String(message.timestamp),
    "webhook-signature": signatures.join(" "),
  };
}

async function sign(message: SignedMessage, secret: string): Promise<string> {
  const text = `${message.id}.${message.timestamp}.${message.body}`;
  if (isSigningKey(secret)) return `v1a,${(await signEd25519(secret, text)).toString("base64")}`;
  const key = await macKey(Buffer.from(secret.slice(SECRET_PREFIX.length), "base64"));
  return `v1,${(await mac(key, text)).toString("base64")}`;
}
