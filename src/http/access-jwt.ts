/**
 * Tokens of Cloudflare Access: who is at the door, as the company's own identity provider knows them.
 * https://developers.cloudflare.com/cloudflare-one/access-controls/applications/http-apps/authorization-cookie/validating-json/
 */
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from "jose";
import { fail, ok, type Result } from "../domain/result.ts";
import { HOUR_MS, type Instant, MINUTE_MS, type Milliseconds, SECOND_MS } from "../domain/time/instant.ts";
import type { AddressRules } from "./address.ts";
import { guardedFetch } from "./guarded-fetch.ts";

/** Who signs, and for which application. */
export interface AccessSettings {
  /** `https://<team>.cloudflareaccess.com` */
  readonly issuer: string;
  /** The application's audience tag. */
  readonly audience: string;
}

/** Why a token is refused; `keys_unavailable` is the one that says nothing about the token. */
export type AccessFailure =
  | { readonly kind: "malformed" | "wrong_algorithm" | "bad_signature" | "unknown_key" | "expired" }
  | { readonly kind: "no_email" | "foreign_email" }
  | { readonly kind: "wrong_claim"; readonly claim: string }
  | { readonly kind: "keys_unavailable"; readonly message: string };

/** Access signs with nothing else. */
const ALGORITHM = "RS256";
/** Keys change every six weeks, and the old one is good for another week. */
const KEYS_KEPT_MS: Milliseconds = HOUR_MS;
/** Tokens that name unknown keys must not make us ask for the keys more often than this. */
const ASKED_EVERY_MS: Milliseconds = MINUTE_MS;
const TIMEOUT_MS: Milliseconds = 5 * SECOND_MS;
const MAX_BYTES = 64 * 1024;
const VISIBLE_ASCII = /^[\x21-\x7e]+$/;
/** Clocks differ a little. */
const TOLERANCE_SECONDS = 10;

interface Keys {
  readonly set: JSONWebKeySet | null;
  readonly askedAt: Instant;
  readonly trouble: string;
}

const kept = new Map<string, Keys>();

/** The address that the token proves, in lower case. */
export async function verifyAccessToken(
  token: string,
  settings: AccessSettings,
  { now, rules }: { readonly now: Instant; readonly rules: AddressRules },
): Promise<Result<string, AccessFailure>> {
  const known = await keysOf(settings.issuer, rules, now, KEYS_KEPT_MS);
  const verified = await verify(token, settings, known, now);
  if (verified.ok || verified.error.kind !== "unknown_key") return verified;
  const fresh = await keysOf(settings.issuer, rules, now, ASKED_EVERY_MS);
  return fresh === known ? verified : verify(token, settings, fresh, now);
}

async function verify(
  token: string,
  { issuer, audience }: AccessSettings,
  { set, trouble }: Keys,
  now: Instant,
): Promise<Result<string, AccessFailure>> {
  if (set === null) return fail({ kind: "keys_unavailable", message: trouble });
  try {
    const { payload } = await jwtVerify(token, createLocalJWKSet(set), {
      algorithms: [ALGORITHM],
      issuer,
      audience,
      currentDate: new Date(now),
      clockTolerance: TOLERANCE_SECONDS,
      requiredClaims: ["exp"],
    });
    return emailOf(payload);
  } catch (error) {
    return fail(toAccessFailure(error));
  }
}

/**
 * A service's token names no person. Other letters than those of ASCII are refused before the case is folded: folding makes
 * some of them into letters of ASCII (U+212A becomes k), and so an address into somebody else's.
 */
function emailOf({ email }: JWTPayload): Result<string, AccessFailure> {
  if (typeof email !== "string" || email === "") return fail({ kind: "no_email" });
  return VISIBLE_ASCII.test(email) ? ok(email.toLowerCase()) : fail({ kind: "foreign_email" });
}

/** The issuer's keys, unless they were asked for within `every`. A set that was once had is kept when a later ask fails. */
async function keysOf(issuer: string, rules: AddressRules, now: Instant, every: Milliseconds): Promise<Keys> {
  const known = kept.get(issuer);
  if (
    known !== undefined &&
    now >= known.askedAt &&
    now - known.askedAt < (known.set === null ? ASKED_EVERY_MS : every)
  )
    return known;
  const answer = await guardedFetch(
    { url: `${issuer}/cdn-cgi/access/certs`, method: "GET", headers: {}, timeout: TIMEOUT_MS, maxBytes: MAX_BYTES },
    rules,
  );
  const set = answer.ok && answer.value.status === 200 ? parseKeys(answer.value.text) : null;
  const trouble = answer.ok ? `The keys' address answered ${answer.value.status}.` : answer.error.message;
  const keys = { set: set ?? known?.set ?? null, askedAt: now, trouble };
  kept.set(issuer, keys);
  return keys;
}

function parseKeys(text: string): JSONWebKeySet | null {
  try {
    const set = JSON.parse(text) as JSONWebKeySet;
    return Array.isArray(set.keys) ? set : null;
  } catch {
    return null;
  }
}

function toAccessFailure(error: unknown): AccessFailure {
  if (error instanceof errors.JWTExpired) return { kind: "expired" };
  if (error instanceof errors.JWTClaimValidationFailed) return { kind: "wrong_claim", claim: error.claim };
  if (error instanceof errors.JOSEAlgNotAllowed) return { kind: "wrong_algorithm" };
  if (error instanceof errors.JWKSNoMatchingKey) return { kind: "unknown_key" };
  if (error instanceof errors.JWSSignatureVerificationFailed) return { kind: "bad_signature" };
  if (error instanceof errors.JOSEError) return { kind: "malformed" };
  throw error;
}
