/** A length of time as text that `readDuration` reads back as the same: `1 hour 30 minutes`. Pure. */
import { DAY_MS, HOUR_MS, MINUTE_MS, type Milliseconds, SECOND_MS } from "../time/instant.ts";

const UNITS: readonly (readonly [name: string, length: Milliseconds])[] = [
  ["day", DAY_MS],
  ["hour", HOUR_MS],
  ["minute", MINUTE_MS],
  ["second", SECOND_MS],
  ["millisecond", 1],
];

/** Empty for no time at all, which no duration says. */
export function durationText(length: Milliseconds): string {
  let rest = length;
  const parts = UNITS.flatMap(([name, unit]) => {
    const count = Math.floor(rest / unit);
    rest -= count * unit;
    return count === 0 ? [] : [`${count} ${name}${count === 1 ? "" : "s"}`];
  });
  return parts.join(" ");
}
