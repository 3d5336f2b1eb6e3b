import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  deriveRunId,
  isUuid,
  type RunIdentity,
  readRunId,
  readScheduleId,
  stableFraction,
  UUID_RANDOM_BYTES,
  uuidFloor,
  uuidInstant,
  uuidv7,
} from "../../src/domain/ids.ts";

const NINE = Date.parse("2027-01-15T09:00:00.000Z");
const SCHEDULE = readScheduleId("019b3f0e-6c00-7f29-a1d8-09d9a834877a");
const BACKFILL = "019b3f0e-6c00-7f29-a1d8-000000000001";
const bytes = fc.uint8Array({ minLength: UUID_RANDOM_BYTES, maxLength: UUID_RANDOM_BYTES });
const instant = fc.integer({ min: 0, max: 2 ** 48 - 1 });

describe("a UUIDv7", () => {
  it("is laid out as in the example of RFC 9562, appendix A.6", () => {
    const random = Uint8Array.from(Buffer.from("cc318c4dc0c0c07398f0", "hex"));
    expect(uuidv7(0x017f22e279b0, random)).toBe("017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
  });

  it("carries its instant, its version and its variant, whatever the chance", () => {
    fc.assert(
      fc.property(instant, bytes, (at, random) => {
        const id = uuidv7(at, random);
        expect(isUuid(id)).toBe(true);
        expect(uuidInstant(id)).toBe(at);
        expect(id).toMatch(/^.{14}7.{4}[89ab]/);
      }),
    );
  });

  it("sorts by its instant, whatever the chance", () => {
    fc.assert(
      fc.property(instant, instant, bytes, bytes, (one, other, random, more) => {
        fc.pre(one < other);
        expect(uuidv7(one, random) < uuidv7(other, more)).toBe(true);
      }),
    );
  });

  it("is another one for other chance", () => {
    fc.assert(
      fc.property(bytes, fc.integer({ min: 0, max: UUID_RANDOM_BYTES - 2 }), (random, index) => {
        const changed = Uint8Array.from(random);
        changed[index] = (changed[index] ?? 0) ^ 0x01;
        expect(uuidv7(NINE, changed)).not.toBe(uuidv7(NINE, random));
      }),
    );
  });

  it("of an instant before 1970 counts as 1970", () => {
    expect(uuidInstant(uuidv7(-1, new Uint8Array(UUID_RANDOM_BYTES)))).toBe(0);
  });

  it("is not made of too little chance", () => {
    expect(() => uuidv7(NINE, new Uint8Array(UUID_RANDOM_BYTES - 1))).toThrow(RangeError);
  });
});

describe("the floor of an instant", () => {
  it("sorts above every id made before it and not above those of the instant itself", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 47 }), bytes, (at, random) => {
        expect(uuidv7(at - 1, random) < uuidFloor(at)).toBe(true);
        expect(uuidv7(at, random) >= uuidFloor(at)).toBe(true);
      }),
    );
  });
});

describe("the id of a run", () => {
  const IDENTITY: RunIdentity = { of: SCHEDULE, scheduledFor: NINE, attempt: 0 };

  it("is the same for equal parts, and its time is the occurrence's", () => {
    expect(deriveRunId({ ...IDENTITY })).toBe(deriveRunId(IDENTITY));
    expect(uuidInstant(deriveRunId(IDENTITY))).toBe(NINE);
  });

  it("never changes between releases: rows in databases depend on it", () => {
    expect(deriveRunId(IDENTITY)).toBe("01a31893-3e80-71b1-ad8b-b2b8e78a045f");
  });

  const others: readonly (readonly [string, Partial<RunIdentity>])[] = [
    ["schedule", { of: readScheduleId("019b3f0e-6c00-7f29-a1d8-09d9a834877b") }],
    ["time", { scheduledFor: NINE + 1 }],
    ["attempt", { attempt: 1 }],
    ["backfill", { backfill: BACKFILL }],
  ];
  it.each(others)("is another one for another %s", (_, part) => {
    expect(deriveRunId({ ...IDENTITY, ...part })).not.toBe(deriveRunId(IDENTITY));
  });

  it("differs for any two identities that differ", () => {
    const identity = fc.record({
      of: fc.constantFrom(SCHEDULE, readScheduleId("019b3f0e-6c00-7f29-a1d8-09d9a834877b")),
      scheduledFor: fc.integer({ min: NINE, max: NINE + 120 }),
      attempt: fc.integer({ min: 0, max: 12 }),
    });
    fc.assert(
      fc.property(identity, identity, (one, other) => {
        const same = JSON.stringify(one) === JSON.stringify(other);
        expect(deriveRunId(one) === deriveRunId(other)).toBe(same);
      }),
      { numRuns: 500 },
    );
  });
});

describe("a stable fraction", () => {
  it("is always the same for one text, and at least 0 and less than 1", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const fraction = stableFraction(text);
        expect(fraction).toBe(stableFraction(text));
        expect(fraction >= 0 && fraction < 1).toBe(true);
      }),
    );
  });

  it("spreads schedules evenly enough: no tenth of the window has twice its share", () => {
    const tenths = Array.from({ length: 1_000 }, (_, index) => Math.floor(stableFraction(`schedule ${index}`) * 10));
    for (let tenth = 0; tenth < 10; tenth += 1)
      expect(tenths.filter((one) => one === tenth).length).toBeGreaterThan(50);
  });
});

describe("reading an id", () => {
  it.each([
    "",
    "x",
    "019b3f0e6c007f29a1d809d9a834877a",
    "019B3F0E-6C00-7F29-A1D8-09D9A834877A",
    `${SCHEDULE} `,
    "../..",
  ])("refuses %j", (text) => {
    expect(() => readRunId(text)).toThrow(/Not the id of a run/);
  });

  it("quotes no more than the beginning of what it refuses", () => {
    expect(() => readScheduleId("s".repeat(10_000))).toThrow(/^.{0,120}$/);
  });
});
