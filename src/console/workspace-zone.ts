/** The zone of pages that belong to no project, and times of day as forms send them. */
import { readExpression } from "../domain/language/read.ts";
import { toIso } from "../domain/time/instant.ts";
import type { SignedIn } from "./signed-in.tsx";

/** The zone that they want times to be said in, or else UTC. */
export const zoneOf = ({ timezone }: Pick<SignedIn, "timezone">): string => timezone ?? "UTC";

/** What a clock shows in the zone, as an instant; what is none is left for the API to refuse. */
export function readLocal(text: string, timezone: string): string {
  const reading = readExpression(text, { now: 0, timezone, timezoneIsExplicit: false });
  if (!reading.ok || reading.value.recurrence.kind !== "once" || reading.value.format !== "iso") return text;
  return toIso(reading.value.recurrence.at);
}
