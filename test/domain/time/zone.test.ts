import { afterEach, describe, expect, it, vi } from "vitest";
import { readZone, sameZone, Zone, zoneOf } from "../../../src/domain/time/zone.ts";
import { luxonChanges, luxonOffset } from "./luxon-clock.ts";

const ALL_ZONES = Intl.supportedValuesOf("timeZone");
const HOUR = 3_600_000;

describe("reading a zone name", () => {
  it.each([
    ["Europe/Berlin", "Europe/Berlin"],
    ["europe/berlin", "Europe/Berlin"],
    [" america/new_york ", "America/New_York"],
    ["asia/kolkata", "Asia/Kolkata"],
    ["Europe/Kyiv", "Europe/Kyiv"],
    ["US/Eastern", "America/New_York"],
    ["Japan", "Asia/Tokyo"],
    ["utc", "UTC"],
    ["Etc/UTC", "UTC"],
    ["GMT", "UTC"],
  ])("%s is %s", (text, name) => {
    expect(readZone(text)).toEqual({ ok: true, value: name });
  });

  it("accepts every zone that Intl lists, and knows its offset", () => {
    const refused = ALL_ZONES.filter((name) => !readZone(name).ok || !readZone(name.toLowerCase()).ok);
    expect(refused).toEqual([]);
  });

  it("takes two names of one place for the same zone", () => {
    expect(sameZone("Asia/Calcutta", "Asia/Kolkata")).toBe(true);
    expect(sameZone("Europe/Berlin", "Europe/Paris")).toBe(false);
  });
});

describe("offsets", () => {
  it("agree with luxon on both sides of every change of every zone from 2024 to 2028", () => {
    const wrong: string[] = [];
    for (const name of ALL_ZONES) {
      const zone = zoneOf(name);
      for (const { at, before, after } of luxonChanges(name, Date.UTC(2024, 0, 1), Date.UTC(2029, 0, 1))) {
        const seen = [at - 1000, at - 1, at, at + 1000].map((instant) => zone.offsetAt(instant));
        if (seen.join() !== [before, before, after, after].join()) wrong.push(`${name} ${new Date(at).toISOString()}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it.each([
    ["Pacific/Apia", 2010, 2013],
    ["America/Noronha", 2000, 2001],
    ["America/Boa_Vista", 2000, 2001],
    ["Africa/Casablanca", 2012, 2030],
    ["Africa/Monrovia", 1970, 1973],
    ["Pacific/Kwajalein", 1993, 1994],
    ["Antarctica/Troll", 2024, 2030],
    ["America/Nuuk", 2020, 2026],
    ["Africa/Cairo", 2010, 2015],
    ["America/New_York", 9990, 9998],
  ])("of %s agree with luxon from %i to %i, whatever the distance between changes", (name, from, to) => {
    const [start, end] = [Date.UTC(from, 0, 1), Date.UTC(to, 0, 1)];
    const zone = new Zone(name);
    for (const { at, before, after } of luxonChanges(name, start, end)) {
      expect([zone.offsetAt(at - 1), zone.offsetAt(at)]).toEqual([before, after]);
    }
    for (let instant = start; instant < end; instant += 31 * HOUR) {
      expect(zone.offsetAt(instant)).toBe(luxonOffset(name, instant));
    }
  });

  it("do not depend on the order of the questions", () => {
    const [forward, backward] = [new Zone("Africa/Casablanca"), new Zone("Africa/Casablanca")];
    const instants = Array.from({ length: 3_000 }, (_, index) => Date.UTC(2024, 0, 1) + index * 13 * HOUR);
    const there = instants.map((instant) => forward.offsetAt(instant));
    const back = instants.toReversed().map((instant) => backward.offsetAt(instant));
    expect(back.toReversed()).toEqual(there);
  });
});

describe("readings of the wall clock", () => {
  const wall = (iso: string): number => Date.parse(`${iso}Z`);

  it("names the one instant that shows an ordinary reading", () => {
    const reading = zoneOf("Asia/Kolkata").resolve(wall("2026-01-01T09:00:00.250"));
    expect(reading).toEqual({ kind: "unique", instant: Date.parse("2026-01-01T03:30:00.250Z"), offset: 5.5 * HOUR });
  });

  it("names the first instant after a gap, and the offsets around it", () => {
    const reading = zoneOf("America/New_York").resolve(wall("2026-03-08T02:30:00"));
    const instant = Date.parse("2026-03-08T07:00:00Z");
    expect(reading).toEqual({ kind: "gap", instant, offsetBefore: -5 * HOUR, offsetAfter: -4 * HOUR });
  });

  it("names both instants of a fold", () => {
    const reading = zoneOf("America/New_York").resolve(wall("2026-11-01T01:30:00"));
    const [first, last] = [Date.parse("2026-11-01T05:30:00Z"), Date.parse("2026-11-01T06:30:00Z")];
    expect(reading).toEqual({ kind: "fold", first, last });
  });

  it("take the ends of a gap and a fold for ordinary", () => {
    const zone = zoneOf("America/New_York");
    const kinds = ["2026-03-08T01:59:59", "2026-03-08T03:00:00", "2026-11-01T00:59:59", "2026-11-01T02:00:00"];
    expect(kinds.map((iso) => zone.resolve(wall(iso)).kind)).toEqual(["unique", "unique", "unique", "unique"]);
  });

  it("find the whole lost day of Apia in one gap", () => {
    const reading = zoneOf("Pacific/Apia").resolve(wall("2011-12-30T05:00:00"));
    expect(reading).toMatchObject({ kind: "gap", instant: Date.parse("2011-12-30T10:00:00Z") });
  });

  it("give back the instant of every reading that was shown, around every change", () => {
    for (const name of ["Australia/Lord_Howe", "Pacific/Chatham", "Antarctica/Troll", "America/Nuuk"]) {
      const zone = zoneOf(name);
      for (const { at } of luxonChanges(name, Date.UTC(2024, 0, 1), Date.UTC(2026, 0, 1))) {
        for (let instant = at - 30 * HOUR; instant < at + 30 * HOUR; instant += HOUR / 4) {
          const reading = zone.resolve(instant + luxonOffset(name, instant));
          const found = reading.kind === "fold" ? [reading.first, reading.last] : [reading.instant];
          expect(found).toContain(instant);
        }
      }
    }
  });
});

describe("the zone of the host", () => {
  afterEach(() => vi.unstubAllEnvs());

  it("never matters", () => {
    const questions = Array.from({ length: 400 }, (_, index) => Date.UTC(2026, 0, 1) + index * 23 * HOUR);
    const offsets = (): number[] => questions.map((instant) => new Zone("America/Santiago").offsetAt(instant));
    const usual = offsets();
    for (const host of ["Pacific/Apia", "America/Nuuk"]) {
      vi.stubEnv("TZ", host);
      expect(new Date(Date.UTC(2026, 0, 1)).getTimezoneOffset()).not.toBe(0);
      expect(offsets()).toEqual(usual);
    }
  });
});

it("an unknown zone is thrown, since names are checked when a schedule is saved", () => {
  expect(() => zoneOf("Mars/Olympus")).toThrow(RangeError);
});
