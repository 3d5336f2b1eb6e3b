/** A finished run with one valid value in every field. */
import { readRunId, readScheduleId, uuidv7 } from "../../src/domain/ids.ts";
import type { Run } from "../../src/domain/run.ts";
import { newId, randomBytes } from "../../src/system.ts";

export function makeRun(more: Partial<Run> = {}): Run {
  const scheduledFor = more.scheduledFor ?? Date.parse("2027-01-15T09:00:00.000Z");
  return {
    id: readRunId(uuidv7(scheduledFor, randomBytes(10))),
    scheduleId: readScheduleId(newId()),
    fn: "work",
    version: 1,
    context: "scheduled",
    cause: "occurrence",
    status: "succeeded",
    attempt: 0,
    originRunId: null,
    scheduledFor,
    effectiveAt: scheduledFor,
    queuedAt: scheduledFor,
    startedAt: scheduledFor + 10,
    finishedAt: scheduledFor + 20,
    retryAt: null,
    unrun: null,
    count: 1,
    error: null,
    output: { stored: "inline", json: '{"items":[]}' },
    ...more,
  };
}
