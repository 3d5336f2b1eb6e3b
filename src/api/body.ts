/** Reads a JSON body: right type, not too large, well-formed. */
import { fail, ok, type Result } from "../domain/result.ts";
import type { Problem } from "./problem.ts";

/** The largest body of an operation that names no limit of its own. */
export const BODY_LIMIT_BYTES = 1_048_576;

/** The body as sent, which a fingerprint is made of, and what it says. An empty one says nothing: `{}`. */
export interface Body {
  readonly text: string;
  readonly value: unknown;
}

/** `application/json`, or anything that ends in `+json`; JSON has one charset (RFC 8259 section 8.1). */
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;\s*charset\s*=\s*"?utf-?8"?\s*)?$/i;

/** The body as JSON, or why it cannot be read. */
export async function readBody(request: Request, limit: number): Promise<Result<Body, Problem>> {
  const bytes = await readBytes(request, limit);
  if (!bytes.ok) return bytes;
  if (bytes.value.length === 0) return ok({ text: "", value: {} });
  const type = request.headers.get("content-type");
  if (type === null || !JSON_TYPE.test(type)) return fail(wrongType(type));
  return parse(bytes.value);
}

async function readBytes(request: Request, limit: number): Promise<Result<Uint8Array, Problem>> {
  if (request.body === null) return ok(new Uint8Array());
  const announced = request.headers.get("content-length");
  if (announced !== null && Number(announced) > limit) return fail(tooLarge(limit));
  if (announced !== null) return ok(new Uint8Array(await request.arrayBuffer()));
  return readStream(request.body, limit);
}

/** A body of unannounced length is counted while it comes, and dropped at the limit. */
async function readStream(stream: ReadableStream<Uint8Array>, limit: number): Promise<Result<Uint8Array, Problem>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > limit) return fail(tooLarge(limit));
    chunks.push(chunk);
  }
  return ok(Buffer.concat(chunks, size));
}

function parse(bytes: Uint8Array): Result<Body, Problem> {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return fail(malformed("The body is not valid UTF-8.", undefined));
  }
  try {
    return ok({ text, value: JSON.parse(text) });
  } catch (error) {
    return fail(malformed("The body is not well-formed JSON.", positionIn(error, text)));
  }
}

/** V8 puts the place into the message, where it has one to tell. */
function positionIn(error: unknown, text: string): number | undefined {
  const message = error instanceof Error ? error.message : "";
  if (message.includes("end of JSON input")) return text.length;
  const [, position] = /position (\d+)/.exec(message) ?? [];
  return position === undefined ? undefined : Number(position);
}

const malformed = (detail: string, position: number | undefined): Problem => ({
  code: "malformed_json",
  detail: position === undefined ? detail : `${detail} The trouble is at character ${position}.`,
  errors: [{ path: "", message: detail, expected: "a JSON text", ...(position === undefined ? {} : { position }) }],
});

const tooLarge = (limit: number): Problem => ({
  code: "body_too_large",
  detail: `The body is larger than ${limit} bytes.`,
});

const wrongType = (type: string | null): Problem => ({
  code: "unsupported_media_type",
  detail: `${type === null ? "The body has no Content-Type." : "The Content-Type is not JSON."} Send application/json.`,
  headers: { "accept-post": "application/json" },
});
