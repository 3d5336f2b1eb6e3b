/**
 * A time zone: from instants to the wall clock and back. Pure: the engine's zone data, no clock; the host's zone never matters.
 *
 * A *wall second* is what the clock shows, counted as if it were UTC: epoch second + offset. Changes are looked up once
 * per stretch of about a year and kept with the zone.
 */
import type { Refusal } from "../language/interpretation.ts";
import { fail, ok, type Result } from "../result.ts";
import { type Instant, type Milliseconds, SECOND_MS } from "./instant.ts";
import { blockOf, readBlock, type Span, unchanging } from "./spans.ts";
import { type EpochSecond, intlOffsets, type OffsetLookup } from "./transitions.ts";
import { ianaName, zoneRefusal } from "./zone-name.ts";

/** Seconds of the wall clock since it showed 1970-01-01T00:00:00. */
export type WallSecond = number;

/** Which instants show a wall clock reading. */
export type WallReading =
  | { readonly kind: "unique"; readonly instant: Instant; readonly offset: Milliseconds }
  /** The reading is skipped over: `instant` is the first one after the gap. */
  | {
      readonly kind: "gap";
      readonly instant: Instant;
      readonly offsetBefore: Milliseconds;
      readonly offsetAfter: Milliseconds;
    }
  /** The clock shows the reading twice. */
  | { readonly kind: "fold"; readonly first: Instant; readonly last: Instant };

/** More than any zone was ever away from UTC, and more than any clock ever jumped. */
const FARTHEST_SECONDS = 26 * 60 * 60;
/** There are about 600 names; the oldest zone makes room. */
const ZONES_MAX = 512;

const zones = new Map<string, Zone>();

/** Offsets of one IANA zone, found on demand. Made by `zoneOf`. */
export class Zone {
  readonly name: string;
  private readonly offsets: OffsetLookup;
  private readonly blocks: (readonly Span[] | undefined)[] = [];
  /** Where the last question was answered: the next one is usually near. */
  private latest: Span;

  constructor(name: string) {
    this.name = name;
    this.offsets = intlOffsets(name);
    this.latest = name === "UTC" ? unchanging(0) : this.find(0);
  }

  /** Offset from UTC at an instant, positive to the east. */
  offsetAt(instant: Instant): Milliseconds {
    return this.spanAt(Math.floor(instant / SECOND_MS)).offset * SECOND_MS;
  }

  /** The stretch of one offset around a second; it may be cut where the offset does not change. */
  spanAt(second: EpochSecond): Span {
    const latest = this.latest;
    // Outside its plain part a cut stretch may not see the fold beside it; `find` picks the block that does.
    if (second >= latest.plainFrom && second < latest.plainTo) return latest;
    const span = this.find(second);
    this.latest = span;
    return span;
  }

  /** The first stretch whose clock shows the reading; when it is skipped over, the stretch before the gap. */
  showing(wall: WallSecond): Span {
    let span = this.spanAt(wall - FARTHEST_SECONDS);
    while (wall >= span.end + Math.max(span.offset, span.after)) span = this.spanAt(span.end);
    return span;
  }

  /** Which instants show this wall clock reading, given in milliseconds as if it were UTC. */
  resolve(wall: Milliseconds): WallReading {
    const second = Math.floor(wall / SECOND_MS);
    const { end, offset, after } = this.showing(second);
    if (second >= end + offset) {
      const [offsetBefore, offsetAfter] = [offset * SECOND_MS, after * SECOND_MS];
      return { kind: "gap", instant: end * SECOND_MS, offsetBefore, offsetAfter };
    }
    const first = wall - offset * SECOND_MS;
    if (second >= end + after) return { kind: "fold", first, last: wall - after * SECOND_MS };
    return { kind: "unique", instant: first, offset: offset * SECOND_MS };
  }

  private find(second: EpochSecond): Span {
    const block = blockOf(second);
    let spans = this.blocks[block];
    if (!spans) {
      spans = readBlock(this.offsets, block);
      this.blocks[block] = spans;
    }
    for (const span of spans) if (second < span.end) return span;
    throw new RangeError(`No offset of ${this.name} is known at ${second} s`);
  }
}

/** The zone of a name that was checked by `readZone`; kept for the next call. Throws a `RangeError` for an unknown name. */
export function zoneOf(name: string): Zone {
  const known = zones.get(name);
  if (known) return known;
  const zone = new Zone(name);
  if (zones.size >= ZONES_MAX) for (const oldest of zones.keys()) if (zones.delete(oldest)) break;
  zones.set(name, zone);
  return zone;
}

/**
 * Reads an IANA zone name in any case: `europe/berlin` is `Europe/Berlin`, all names of UTC are `UTC`. Refuses offsets
 * (`+02:00` keeps no clock changes), abbreviations of one half of the year (`EST`) and unknown names.
 */
export function readZone(text: string): Result<string, Refusal> {
  const name = ianaName(text.trim());
  return name === undefined ? fail(zoneRefusal(text)) : ok(name);
}

/** Whether two names mean the same zone: `Asia/Calcutta` and `Asia/Kolkata` do. */
export function sameZone(one: string, other: string): boolean {
  return one === other || intlName(one) === intlName(other);
}

const intlName = (name: string): string =>
  new Intl.DateTimeFormat("en-US", { timeZone: name }).resolvedOptions().timeZone;
