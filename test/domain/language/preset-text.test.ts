/** What is chosen by clicking is an expression like any other: read back, it is what was chosen. */
import { describe, expect, it } from "vitest";
import { type PresetChoice, presetText } from "../../../src/domain/language/preset-text.ts";
import { readExpression } from "../../../src/domain/language/read.ts";
import { PRESETS, presetOf } from "../../../src/domain/recurrence/preset.ts";

const CONTEXT = { now: Date.parse("2026-11-22T10:00:00Z"), timezone: "UTC", timezoneIsExplicit: false };

const read = (choice: PresetChoice) => {
  const reading = readExpression(presetText(choice), CONTEXT);
  if (!reading.ok) throw new Error(reading.error.message);
  return reading.value.recurrence;
};

describe("the text of a preset", () => {
  it("is read as that preset, whatever was chosen with it", () => {
    for (const preset of PRESETS)
      for (const monthday of [...Array.from({ length: 31 }, (_, day) => day + 1), "L" as const])
        for (const weekday of [0, 1, 6])
          for (const at of ["00:00", "09:05", "23:59"])
            expect(presetOf(read({ preset, at, weekday, monthday }))).toBe(preset);
  });

  it("means the time that was chosen", () => {
    const choice = { at: "09:30", weekday: 1, monthday: "L" } as const;
    expect(PRESETS.map((preset) => read({ preset, ...choice }))).toEqual([
      { kind: "calendar", lines: ["30 * * * *"] },
      { kind: "calendar", lines: ["30 9 * * *"] },
      { kind: "calendar", lines: ["30 9 * * MON"] },
      { kind: "calendar", lines: ["30 9 L * *"] },
    ]);
  });

  it("is refused where a time was typed that is none", () => {
    const text = presetText({ preset: "daily", at: "25:99", weekday: 0, monthday: 1 });
    expect(readExpression(text, CONTEXT).ok).toBe(false);
  });
});
