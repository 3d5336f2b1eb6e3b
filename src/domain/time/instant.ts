/** Points and lengths of time as plain numbers with a name. Pure: the current instant is always an argument. */

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

/** A length of elapsed time in milliseconds. */
export type Milliseconds = number;

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
export const WEEK_MS = 7 * DAY_MS;

/** The last instant that Carillon handles: the end of the year 9999 in UTC. */
export const LAST_INSTANT: Instant = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** ISO 8601 in UTC with milliseconds, e.g. `2027-01-15T10:30:00.000Z`. */
export const toIso = (instant: Instant): string => new Date(instant).toISOString();
