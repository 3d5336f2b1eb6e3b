/** Puts the parts of a recurring phrase together: a recurrence, its zone and notes, or a refusal naming what clashes. Pure. */
import type { Recurrence } from "../recurrence/recurrence.ts";
import { fail, ok, type Result } from "../result.ts";
import { composeCivil } from "./compose-civil.ts";
import { composeDays } from "./compose-days.ts";
import { composeElapsed, isGrid } from "./compose-elapsed.ts";
import { composeTimes } from "./compose-times.ts";
import { clash, refuseHalves, refuseUnsaid } from "./contradiction.ts";
import { clockNotes } from "./grammar-clock.ts";
import type { ReadingContext, Refusal } from "./interpretation.ts";
import { cronLine, type TimeFields } from "./line.ts";
import type { Draft, Frequency } from "./phrase.ts";
import { refusal } from "./refusal.ts";
import { HOUR_S } from "./seconds.ts";
import { settleZone } from "./zone-choice.ts";

/** More lines than this would be no schedule that a person can read back. */
export const LINES_MAX = 24;

/** What a recurring phrase means, before its format is named. */
export interface Composed {
  readonly recurrence: Recurrence;
  readonly timezone: string;
  readonly notes: readonly string[];
}

/** The recurrence of the parts; `undefined` when they are a date, which is read elsewhere. */
export function compose(draft: Draft, context: ReadingContext): Result<Composed, Refusal> | undefined {
  if (!draft.strong && (draft.yearDays.length > 0 || isNothing(draft) || isPast(draft))) return undefined;
  const timezone = settleZone(draft.zones, context);
  if (!timezone.ok) return timezone;
  const frequency = settleFrequency(draft);
  if (!frequency.ok) return frequency;
  const wrong = refuseUnsaid(draft) ?? refuseHalves(draft);
  if (wrong !== undefined) return fail(wrong);
  const implied = draft.minutes.length > 0 && draft.windows.length > 0 ? hourly(draft) : undefined;
  const recurrence = composeRecurrence(draft, frequency.value ?? implied, { ...context, timezone: timezone.value });
  if (!recurrence.ok) return recurrence;
  const notes = [...draft.notes, ...clockNotes([...draft.times], draft.text)];
  return ok({ recurrence: recurrence.value, timezone: timezone.value, notes });
}

/** `at 30 minutes past the hour, between 9am and 5pm` means every hour. */
const hourly = (draft: Draft): Frequency => ({
  start: 0,
  end: draft.text.length,
  unit: "hour",
  count: 1,
  seconds: HOUR_S,
});

/** Nothing but months or a zone was read: a date, if anything. */
const isNothing = (draft: Draft): boolean =>
  !draft.weak &&
  draft.times.length + draft.weekdays.length + draft.monthDays.length + draft.ordinals.length + draft.windows.length ===
    0;

/** `last Friday` alone is the one that was. */
const isPast = (draft: Draft): boolean => draft.bareOrdinal && draft.ordinals.some(({ nth }) => nth === "L");

function composeRecurrence(
  draft: Draft,
  frequency: Frequency | undefined,
  context: ReadingContext,
): Result<Recurrence, Refusal> {
  if (frequency !== undefined && isGrid(frequency)) return composeElapsed(draft, frequency, context);
  const civil =
    frequency !== undefined && frequency.count > 1 && (frequency.unit === "day" || frequency.unit === "week");
  if (civil) return composeCivil(draft, frequency, context);
  const times = composeTimes(draft, frequency);
  if (!times.ok) return times;
  const days = composeDays(draft, frequency);
  if (!days.ok) return days;
  return makeCalendar(draft, times.value, days.value);
}

function makeCalendar(
  draft: Draft,
  times: readonly TimeFields[],
  days: readonly Parameters<typeof cronLine>[1][],
): Result<Recurrence, Refusal> {
  const lines = [...new Set(days.flatMap((day) => times.map((time) => cronLine(time, day))))];
  if (lines.length <= LINES_MAX) return ok({ kind: "calendar", lines });
  return fail(
    refusal({
      reason: "out_of_range",
      message: `This would take ${lines.length} cron lines; one schedule has at most ${LINES_MAX}.`,
      span: { start: 0, end: draft.text.length },
      expected: "fewer times of day, or two schedules",
      suggestions: ["every 15 minutes", "every day at 9:00 am and 5:30 pm"],
    }),
  );
}

/** One frequency at most; `every day` beside `every 10 minutes` adds nothing and is let pass. */
function settleFrequency(draft: Draft): Result<Frequency | undefined, Refusal> {
  const [first, ...others] = draft.frequencies;
  if (first === undefined) return ok(undefined);
  let chosen = first;
  for (const other of others) {
    const [small, large] = chosen.seconds > 0 ? [chosen, other] : [other, chosen];
    const redundant = small.seconds > 0 && large.unit === "day" && large.count === 1 && draft.times.length === 0;
    if (!redundant) return fail(clash(draft, first, other, ["every day at 9:00 am", "every hour"]));
    chosen = small;
  }
  return ok(chosen);
}
