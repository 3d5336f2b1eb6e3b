/**
 * The stretches of time in which a zone keeps one offset. Pure.
 *
 * A zone is looked at in blocks of about a year, so that a schedule pays only for the years it asks about.
 */
import { LAST_INSTANT, SECOND_MS } from "./instant.ts";
import { type EpochSecond, findTransitions, type OffsetLookup } from "./transitions.ts";

/** A stretch of time with one offset. */
export interface Span {
  /** First second of the stretch, and the first one after it. */
  readonly start: EpochSecond;
  readonly end: EpochSecond;
  /** Seconds ahead of UTC: in the stretch, just before it, just after it. */
  readonly offset: number;
  readonly before: number;
  readonly after: number;
  /** Within [plainFrom, plainTo) each reading of the clock is the only one of its kind: no pass of a fold reaches in. */
  readonly plainFrom: EpochSecond;
  readonly plainTo: EpochSecond;
}

/** About 388 days: one round of probing, a fraction of a millisecond. */
const BLOCK_SECONDS = 2 ** 25;
/** Older instants get the offset of this one. */
const FIRST_SECOND: EpochSecond = Date.UTC(1900, 0, 1) / SECOND_MS;
const LAST_BLOCK = Math.floor((LAST_INSTANT / SECOND_MS - FIRST_SECOND) / BLOCK_SECONDS);
const DAY_SECONDS = 24 * 60 * 60;
/** Blocks overlap by this much, so that a change just outside a block is seen from within it. */
const MARGIN_SECONDS = 2 * DAY_SECONDS;

/** One stretch for all time: a clock that never changes. */
export const unchanging = (offset: number): Span =>
  makeSpan({
    start: Number.NEGATIVE_INFINITY,
    end: Number.POSITIVE_INFINITY,
    before: offset,
    offset,
    after: offset,
  });

/** Which block holds a second; what lies before the first or after the last one belongs to it. */
export function blockOf(second: EpochSecond): number {
  return Math.min(Math.max(Math.floor((second - FIRST_SECOND) / BLOCK_SECONDS), 0), LAST_BLOCK);
}

/** All stretches of a block, with a margin on both sides; the outermost two are cut there. */
export function readBlock(offsetAt: OffsetLookup, block: number): readonly Span[] {
  const from = FIRST_SECOND + block * BLOCK_SECONDS - MARGIN_SECONDS;
  const to = from + BLOCK_SECONDS + 2 * MARGIN_SECONDS;
  const spans: Span[] = [];
  let start = block === 0 ? Number.NEGATIVE_INFINITY : from;
  let offset = offsetAt(from);
  let before = offset;
  for (const change of findTransitions(offsetAt, from, to)) {
    spans.push(makeSpan({ start, end: change.at, before, offset, after: change.offset }));
    [start, before, offset] = [change.at, offset, change.offset];
  }
  const end = block === LAST_BLOCK ? Number.POSITIVE_INFINITY : to;
  spans.push(makeSpan({ start, end, before, offset, after: offset }));
  return spans;
}

/** Adds where the stretch is plain. Where it is only cut, a fold may be near without being seen: a day is left out. */
function makeSpan(span: Omit<Span, "plainFrom" | "plainTo">): Span {
  const secondPass = span.before === span.offset ? DAY_SECONDS : Math.max(span.before - span.offset, 0);
  const firstPass = span.after === span.offset ? DAY_SECONDS : Math.max(span.offset - span.after, 0);
  return { ...span, plainFrom: span.start + secondPass, plainTo: span.end - firstPass };
}
