/** Recurring English from tokens to an interpretation, also two clauses with days and times of their own. Pure. */
import { readCron } from "../recurrence/cron.ts";
import { fail, ok, type Result } from "../result.ts";
import { type Composed, compose, LINES_MAX } from "./compose.ts";
import { readParts } from "./grammar.ts";
import type { Interpretation, ReadingContext, Refusal } from "./interpretation.ts";
import type { Draft } from "./phrase.ts";
import { quote, refusal } from "./refusal.ts";
import type { Token } from "./tokens.ts";

/** Reads the tokens as a recurring phrase; undefined when they are none, so that a duration or a date may be meant. */
export function readEnglish(
  text: string,
  tokens: readonly Token[],
  context: ReadingContext,
): Result<Interpretation, Refusal> | undefined {
  const composed = readClauses(text, tokens, context);
  if (composed === undefined || !composed.ok) return composed;
  return ok({ format: "english", ...composed.value });
}

function readClauses(
  text: string,
  tokens: readonly Token[],
  context: ReadingContext,
): Result<Composed, Refusal> | undefined {
  const parts = readParts(tokens, text);
  if (parts === undefined) return undefined;
  if ("reason" in parts) return fail(parts);
  if (parts.turn !== undefined) return readTwo(text, tokens, parts.turn, context);
  const composed = compose(parts, context);
  if (composed === undefined || !composed.ok) return composed;
  return ok({ ...composed.value, notes: [...composed.value.notes, ...eitherNotes(parts, composed.value)] });
}

/** A day of the month or a weekday: cron's own note says that either matches. */
function eitherNotes(parts: Draft, { recurrence }: Composed): readonly string[] {
  const line = parts.either && recurrence.kind === "calendar" ? recurrence.lines[0] : undefined;
  const read = line === undefined ? undefined : readCron(line);
  return read?.ok ? read.value.notes : [];
}

/** `Mondays at 9 and Fridays at 17:00`: the product of days and times would add two runs, so each clause is read alone. */
function readTwo(
  text: string,
  tokens: readonly Token[],
  turn: number,
  context: ReadingContext,
): Result<Composed, Refusal> | undefined {
  const left = readClauses(text, withoutJoin(tokens.slice(0, turn)), context);
  const right = readClauses(text, tokens.slice(turn), context);
  if (!isWhole(tokens.slice(0, turn), text) || !isWhole(tokens.slice(turn), text))
    return fail(refuseMixed(text, tokens, turn));
  if (left === undefined || right === undefined) return fail(refuseMixed(text, tokens, turn));
  if (!left.ok) return left;
  if (!right.ok) return right;
  const [one, other] = [left.value.recurrence, right.value.recurrence];
  if (one.kind !== "calendar" || other.kind !== "calendar") return fail(refuseMixed(text, tokens, turn));
  const lines = [...new Set([...one.lines, ...other.lines])];
  if (lines.length > LINES_MAX) return fail(refuseMixed(text, tokens, turn));
  const { timezone } = left.value.timezone === context.timezone ? right.value : left.value;
  return ok({ recurrence: { kind: "calendar", lines }, timezone, notes: [...left.value.notes, ...right.value.notes] });
}

const JOIN = /^(and|or|&|,|;)$/;

function withoutJoin(tokens: readonly Token[]): readonly Token[] {
  let end = tokens.length;
  while (JOIN.test(tokens[end - 1]?.text ?? "")) end -= 1;
  return tokens.slice(0, end);
}

/** A clause has both days and times: `on Monday at 9 and on Friday` does not say when on Friday. */
function isWhole(tokens: readonly Token[], text: string): boolean {
  const parts = readParts(withoutJoin(tokens), text);
  if (parts === undefined || "reason" in parts || parts.times.length === 0) return false;
  return parts.weekdays.length + parts.ordinals.length + parts.monthDays.length + parts.yearDays.length > 0;
}

function refuseMixed(text: string, tokens: readonly Token[], turn: number): Refusal {
  const start = tokens[turn]?.start ?? 0;
  return refusal({
    reason: "ambiguous",
    message: `It is not clear which times belong to which days from ${quote(text.slice(start, start + 30))} on.`,
    span: { start, end: text.length },
    expected: "all days and then all times, or days and times in pairs",
    suggestions: ["every Monday and Friday at 9am", "Mondays at 9am and Fridays at 5pm"],
  });
}
