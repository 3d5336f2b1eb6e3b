/** The real clock and real chance. Floors 3 to 5 read them here; lower floors get instants and bytes as arguments. */
import { UUID_RANDOM_BYTES, uuidv7 } from "./domain/ids.ts";
import type { Instant } from "./domain/time/instant.ts";

/** Now. Deployed, it stands still between I/O, so a duration is measured around an await. */
export const now = (): Instant => Date.now();

/** Unpredictable bytes. */
export const randomBytes = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

/** A fresh id of this moment. */
export const newId = (): string => uuidv7(now(), randomBytes(UUID_RANDOM_BYTES));
