/** Lengths on the wall clock in seconds, as civil intervals and the grammar count them (instant.ts counts milliseconds). Pure. */

/** Seconds in a minute. */
export const MINUTE_S = 60;
/** Seconds in an hour. */
export const HOUR_S = 60 * MINUTE_S;
/** Seconds in a civil day without a clock change. */
export const DAY_S = 24 * HOUR_S;
