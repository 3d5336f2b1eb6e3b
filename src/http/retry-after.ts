/** `Retry-After`, in seconds or as a date (RFC 9110 section 10.2.3). Pure. */
import { type Instant, type Milliseconds, SECOND_MS } from "../domain/time/instant.ts";

/** The wait that it names from now on, or null when it names none that can be understood. */
export function readRetryAfter(header: string | null, now: Instant): Milliseconds | null {
  if (header === null) return null;
  if (/^\d{1,9}$/.test(header)) return Number(header) * SECOND_MS;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(date - now, 0);
}
