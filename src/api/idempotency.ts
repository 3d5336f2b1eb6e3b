/** Reads `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header) and binds the key to the request it came with. */
import { createHash } from "node:crypto";
import type { Idempotency } from "../actor/rpc.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { invalidRequest, type Problem } from "./problem.ts";

const KEY = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;

/** The wish to have a write happen once; undefined without the header. The fingerprint covers method, path and body. */
export function readIdempotency(request: Request, body: string): Result<Idempotency | undefined, Problem> {
  const key = request.headers.get("idempotency-key");
  if (key === null) return ok(undefined);
  if (!KEY.test(key)) return fail(BAD_KEY);
  const { pathname, search } = new URL(request.url);
  const text = `${request.method} ${pathname}${search}\n${body}`;
  return ok({ key, fingerprint: createHash("sha256").update(text).digest("base64url") });
}

const BAD_KEY = invalidRequest([
  {
    path: "/idempotency-key",
    message: "The Idempotency-Key header is empty, too long, or not printable.",
    expected: "1 to 255 printable ASCII characters",
  },
]);
