/**
 * The console as a client of the API, in the same Worker: a page asks what it shows, and a form becomes a request, with the
 * session of whoever looks. So what one may see and do, and what is wrong with what was typed, is said in one place.
 */
import type { z } from "@hono/zod-openapi";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Visit } from "./door.tsx";
import { type Refusal, Refused, readRefusal, refusalOf } from "./refusal.ts";

/** Answers a request as the API does. */
export type AnswerRequest = (request: Request, c: Visit) => Response | Promise<Response>;

export type WriteMethod = "POST" | "PUT" | "PATCH" | "DELETE";

/** What goes along with a write. */
export interface Writing {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer, with the mark of what was seen where the API gives one. */
export interface Tagged<Value> {
  readonly value: Value;
  readonly etag: string | null;
}

/** What the API looks at beside the request itself: who asks, and from where. */
const PASSED_ON = ["cookie", "user-agent", "cf-connecting-ip"];
/** It is always a page of ours that asks. Where a form came from was looked at before; pages only ask what changes nothing. */
const FROM_HERE = { "sec-fetch-site": "same-origin", accept: "application/json" };

/** The API, for one visit. */
export class ApiClient {
  readonly #c: Visit;

  constructor(c: Visit) {
    this.#c = c;
  }

  /** What is at the address, for a page that is nothing without it. Throws `Refused`, which the page's door shows. */
  async get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>> {
    return (await this.getTagged(path, schema)).value;
  }

  /** The same, with what to hold a change against. */
  async getTagged<Schema extends z.ZodType>(path: string, schema: Schema): Promise<Tagged<z.output<Schema>>> {
    const response = await this.#fetch("GET", path, {});
    if (!response.ok) throw new Refused(await readRefusal(response));
    return { value: schema.parse(await response.json()), etag: response.headers.get("etag") };
  }

  /** What is at the address, for a page that can do without it. */
  async ask<Schema extends z.ZodType>(path: string, schema: Schema): Promise<Result<z.output<Schema>, Refusal>> {
    const response = await this.#fetch("GET", path, {});
    return response.ok ? ok(schema.parse(await response.json())) : fail(await readRefusal(response));
  }

  /** Changes something; a refusal is the form's to show. An answer without content is read as null. */
  async send<Schema extends z.ZodType>(
    method: WriteMethod,
    path: string,
    schema: Schema,
    writing: Writing = {},
  ): Promise<Result<z.output<Schema>, Refusal>> {
    const response = await this.#fetch(method, path, writing);
    if (!response.ok) return fail(await readRefusal(response));
    const text = await response.text();
    return ok(schema.parse(text === "" ? null : JSON.parse(text)));
  }

  #fetch(method: string, path: string, { body, headers = {} }: Writing): Response | Promise<Response> {
    const { raw, url } = this.#c.req;
    const sent = new Headers({ ...FROM_HERE, ...headers });
    for (const name of PASSED_ON) {
      const value = raw.headers.get(name);
      if (value !== null) sent.set(name, value);
    }
    if (body !== undefined) sent.set("content-type", "application/json");
    const text = body === undefined ? {} : { body: JSON.stringify(body) };
    return this.#c.get("answerRequest")(new Request(new URL(path, url), { method, headers: sent, ...text }), this.#c);
  }
}

/** An address of the API or of the console; what stands in it is escaped. */
export const address = (parts: TemplateStringsArray, ...values: readonly (string | number)[]): string =>
  parts.map((part, index) => part + (index < values.length ? segment(String(values[index] ?? "")) : "")).join("");

/** A segment of dots would lead up, escaped or not (WHATWG URL section 4.4), and an empty one is none: nothing is there. */
function segment(value: string): string {
  if (/^\.{0,2}$/.test(value)) throw new Refused(NOTHING_THERE);
  return encodeURIComponent(value);
}

const NOTHING_THERE = refusalOf(404, "not_found", "There is nothing at this address, or it is not yours to see.");

/** The address with a query, of what is there to be asked for. */
export function withQuery(path: string, query: Readonly<Record<string, string | number | null | undefined>>): string {
  const given = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === null || value === undefined || value === "" ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}
