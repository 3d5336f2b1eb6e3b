/** The whole language: every row of the phrase tables, and properties over arbitrary and mutated text. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EXPRESSION_MAX_LENGTH } from "../../../src/domain/language/interpretation.ts";
import { readExpression } from "../../../src/domain/language/read.ts";
import { readCron } from "../../../src/domain/recurrence/cron.ts";
import { BERLIN, CONTEXTS, canonical, NEW_YORK, NOW, readTable, UTC } from "./tables.ts";

const PHRASES = readTable("phrases.tsv");
const REFUSED = readTable("refused.tsv");
const TEXTS = [...PHRASES, ...REFUSED].map(([phrase = ""]) => phrase);

const read = (text: string, context = UTC) => readExpression(text, context);
const meaning = (text: string, context = UTC): string => {
  const reading = read(text, context);
  return reading.ok ? canonical(reading.value.recurrence).join(" ") : reading.error.message;
};
const reasonOf = (text: string, context = UTC): string => {
  const reading = read(text, context);
  return reading.ok ? "accepted" : reading.error.reason;
};

describe("accepted phrases", () => {
  it.each(PHRASES)("%s is %s %s", (phrase = "", kind = "", expected = "", zone = "UTC") => {
    const reading = read(phrase);
    if (!reading.ok) throw new Error(reading.error.message);
    expect(canonical(reading.value.recurrence)).toEqual([kind, expected]);
    expect(reading.value.timezone).toBe(zone);
  });

  it("answer with lines that are canonical already", () => {
    for (const [phrase = "", kind, lines = ""] of PHRASES) {
      if (kind !== "cron") continue;
      for (const line of lines.split(" | ")) {
        const again = readCron(line);
        expect(again.ok ? again.value.text : again.error.message, phrase).toBe(line);
      }
    }
  });

  it("mean the same in any case and with any spaces", () => {
    for (const [phrase = ""] of PHRASES) {
      if (/\d(m|h|s|d|w|y)\b|^in \d+m|[A-Z][a-z]+\/[A-Z]/.test(phrase)) continue;
      const english = meaning(phrase);
      expect(meaning(phrase.toUpperCase()), phrase).toBe(english);
      expect(meaning(`  ${phrase.replaceAll(" ", "   ")} `), phrase).toBe(english);
    }
  });

  it("carry notes that are whole sentences", () => {
    for (const [phrase = ""] of PHRASES) {
      const reading = read(phrase);
      for (const note of reading.ok ? reading.value.notes : []) expect(note).toMatch(/^["A-Z].*\.$/);
    }
  });
});

describe("refused phrases", () => {
  it.each(REFUSED)("%s is refused as %s", (phrase = "", reason = "", position = "0", mention = "") => {
    const reading = read(phrase);
    if (reading.ok) throw new Error(`accepted as ${canonical(reading.value.recurrence)}`);
    expect(reading.error.reason).toBe(reason);
    expect(reading.error.position).toBe(Number(position));
    expect(reading.error.message).toContain(mention);
    expect(reading.error.message).toMatch(/\.$/);
    expect(reading.error.expected).not.toBe("");
  });

  it("come with one or two suggestions that are accepted, in every zone", () => {
    for (const context of CONTEXTS) {
      for (const [phrase = ""] of REFUSED) {
        const reading = read(phrase, context);
        if (reading.ok) continue;
        expect([1, 2], phrase).toContain(reading.error.suggestions.length);
        for (const suggestion of reading.error.suggestions)
          expect(reasonOf(suggestion, context), `${phrase} -> ${suggestion}`).toBe("accepted");
      }
    }
  });
});

describe("the order of the formats", () => {
  it("lets times and weekdays recur that a date parser would read once", () => {
    expect(meaning("at 10:00 am")).toBe("cron 0 10 * * *");
    expect(meaning("on Sunday at 12:00")).toBe("cron 0 12 * * SUN");
  });

  it("never lets a date parser see bad cron or a recurring phrase", () => {
    for (const text of ["* * MON * *", "*/5/5 * * * *", "every -5 minutes", "every 5 second on septembre"]) {
      expect(reasonOf(text), text).not.toBe("accepted");
    }
  });

  it("keeps the position when spaces stand before the text", () => {
    const reading = read("   every day at 25:00");
    expect(reading.ok ? "accepted" : reading.error.position).toBe(16);
  });

  it("caps the length before anything reads the text", () => {
    expect(reasonOf("x".repeat(EXPRESSION_MAX_LENGTH + 1))).toBe("too_long");
    expect(reasonOf("")).toBe("empty");
    expect(reasonOf(" \t\n ")).toBe("empty");
  });
});

describe("the zone", () => {
  it("of the text becomes the schedule's when none was asked for", () => {
    const reading = read("every day at 5 pm in Asia/Tokyo");
    expect(reading.ok && reading.value.timezone).toBe("Asia/Tokyo");
  });

  it("of the text must agree with one that was asked for", () => {
    const explicit = { ...BERLIN, timezoneIsExplicit: true };
    expect(reasonOf("every day at 5 pm in Asia/Tokyo", explicit)).toBe("contradiction");
    expect(reasonOf("every day at 5 pm in europe/berlin", explicit)).toBe("accepted");
  });

  it("decides what a local datetime and a date are", () => {
    expect(meaning("2027-01-15T10:30", BERLIN)).toBe("once 2027-01-15T09:30:00.000Z");
    expect(meaning("tomorrow at 9am", NEW_YORK)).toBe("once 2026-11-22T14:00:00.000Z");
    expect(meaning("March 20 at 9am", NEW_YORK)).toBe("once 2027-03-20T13:00:00.000Z");
  });
});

const arbitraryText = fc.oneof(
  fc.string({ maxLength: 300 }),
  fc.string({ unit: "binary", maxLength: 260 }),
  fc
    .array(fc.constantFrom(...new Set(TEXTS.flatMap((text) => text.split(" ")))), { maxLength: 30 })
    .map((words) => words.join(" ")),
  fc
    .tuple(fc.constantFrom(...TEXTS), fc.nat(60), fc.nat(5), fc.string({ maxLength: 4 }))
    .map(([text, at, cut, added]) => text.slice(0, at) + added + text.slice(at + cut)),
);

describe("any text", () => {
  it("is read or refused, never thrown at, and refusals stay inside the text", () => {
    fc.assert(
      fc.property(arbitraryText, fc.constantFrom(...CONTEXTS), (text, context) => {
        const reading = readExpression(text, context);
        if (reading.ok) {
          if (reading.value.recurrence.kind === "once") expect(reading.value.recurrence.at).toBeGreaterThan(NOW);
          return;
        }
        const { position, length, message, suggestions } = reading.error;
        expect(position).toBeGreaterThanOrEqual(0);
        expect(position + length).toBeLessThanOrEqual(text.length);
        expect(message.length).toBeLessThan(320);
        for (const suggestion of suggestions)
          expect(reasonOf(suggestion, context), `${text} -> ${suggestion}`).toBe("accepted");
      }),
      { numRuns: 1_500 },
    );
  });

  it("of the greatest length is read within a bounded time", () => {
    const worst = [
      "every 1 ",
      "and ",
      "1st ",
      "a ",
      "on the ",
      "9:00, ",
      "1,",
      "in 1 day ",
      "9 to ",
      "- ",
      "'",
      "xyzzyx ",
    ];
    for (const piece of worst) {
      const text = piece.repeat(300).slice(0, EXPRESSION_MAX_LENGTH).trim();
      readExpression(text, UTC);
      const start = performance.now();
      readExpression(text, UTC);
      // Milliseconds in fact; the bound only tells linear from exponential on a busy machine.
      expect(performance.now() - start, piece).toBeLessThan(250);
    }
  });
});
