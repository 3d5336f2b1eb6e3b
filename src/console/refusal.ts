/** What the API says instead of an answer (RFC 9457), as the console reads it. */
import { z } from "@hono/zod-openapi";
import type { InputIssue } from "../domain/errors.ts";

const Problem = z.looseObject({
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  errors: z
    .array(
      z.looseObject({
        path: z.string(),
        message: z.string(),
        position: z.int().optional(),
        expected: z.string().optional(),
        suggestion: z.string().optional(),
      }),
    )
    .default([]),
});

/** A refusal, with what belongs to its code: which limit, how much of it is used. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors: readonly InputIssue[];
  readonly extra: Readonly<Record<string, unknown>>;
}

/** Reads the refusal. A fault of the API is the console's too: it throws. */
export async function readRefusal(response: Response): Promise<Refusal> {
  const body: unknown = await response.json();
  if (response.status === 500) throw new Error(`The API failed: ${JSON.stringify(body)}`);
  const { status, code, detail, errors, ...extra } = Problem.parse(body);
  return { status, code, detail, errors: errors.map(toIssue), extra };
}

/** A refusal that no request had to be made for. */
export const refusalOf = (status: number, code: string, detail: string): Refusal => ({
  status,
  code,
  detail,
  errors: [],
  extra: {},
});

/** A page that is nothing without what was refused. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.detail);
    this.refusal = refusal;
  }
}

const toIssue = (issue: z.output<typeof Problem>["errors"][number]): InputIssue => ({
  path: issue.path,
  message: issue.message,
  ...(issue.position === undefined ? {} : { position: issue.position }),
  ...(issue.expected === undefined ? {} : { expected: issue.expected }),
  ...(issue.suggestion === undefined ? {} : { suggestion: issue.suggestion }),
});
