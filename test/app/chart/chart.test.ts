/** Charts: every type, every kind of axis, and data that is missing, equal, extreme or none. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { appPages } from "../../../src/app/app.tsx";
import { SERIES_COLOURS } from "../../../src/app/chart/style.ts";
import { STYLE } from "../../../src/app/style.ts";
import { CHART_TYPES } from "../../../src/domain/blocks/block.ts";
import type { Json } from "../../../src/domain/json.ts";
import { viewOf } from "../views.ts";

const drawn = (chart: object): string =>
  appPages.fragment(viewOf({ work: asJson({ kind: "chart", type: "line", x: "x", y: "y", ...chart }) }));
const asJson = (value: object): Json => JSON.parse(JSON.stringify(value));

/** The wide drawing alone. */
const wide = (chart: object): string => /<svg class="wide"[\s\S]*?<\/svg>/.exec(drawn(chart))?.[0] ?? "";
const labelsOf = (svg: string): readonly string[] =>
  [...svg.matchAll(/<text class="label"[^>]*>([^<]*)</g)].map(([, text]) => text ?? "");
const count = (svg: string, mark: string): number => svg.split(`class="${mark}"`).length - 1;

const xy = (...ys: readonly (number | null)[]) => ys.map((y, x) => ({ x: `n${x}`, y }));

describe("a chart", () => {
  it("has a name, a description in words, and its data as a table", () => {
    const html = drawn({ rows: xy(3, null, 12), title: "Orders", unit: "EUR" });
    expect(html).toMatch(/role="img" aria-labelledby="s0-0-wide-t s0-0-wide-d"/);
    expect(html).toContain('<title id="s0-0-wide-t">Orders</title>');
    expect(html).toContain("A line chart by x, from n0 to n2, in EUR. y: 2 values from 3 to 12, the last one 12.");
    expect(html).toMatch(
      /<details><summary>Show the data as a table<\/summary>.*<th scope="row">n2<\/th><td class="right">12</,
    );
  });

  it("is drawn once for wide and once for narrow places, under names of their own", () => {
    const ids = [...drawn({ rows: xy(1, 2) }).matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain("s0-0-narrow-t");
  });

  it("names its series where there are several", () => {
    const rows = [{ x: "a", y: 1, z: 2 }];
    expect(drawn({ rows })).not.toContain('class="legend"');
    expect(drawn({ rows, y: ["y", "z"] })).toMatch(/class="legend"><li class="s0">.*y<\/li><li class="s1">.*z<\/li>/);
  });

  it("leaves a gap where a value is missing, and a point where it stands alone", () => {
    const svg = wide({ rows: xy(1, 2, null, 3, null, 4, 5) });
    const [, path = ""] = /class="line" d="([^"]+)"/.exec(svg) ?? [];
    expect(path.match(/M/g)).toHaveLength(3);
    const long = wide({ rows: xy(...Array.from({ length: 100 }, () => 1), null, 7, null, 1, 1) });
    expect(count(long, "dot")).toBe(1);
  });

  it.each([
    [[], "The chart has no rows."],
    [[{ x: "a", y: null }], "The chart has no values."],
  ])("of nothing says so: %j", (rows, said) => {
    expect(drawn({ rows })).toContain(said);
    expect(wide({ rows })).toBe("");
  });

  it.each([
    [xy(5), ["4.4", "5", "5.6"]],
    [xy(0), ["0", "1"]],
    [xy(1_200_000, 1_200_000), ["1.2M"]],
    [xy(-5, -5), ["-5"]],
  ])("of one value stands in the middle of its axis: %j", (rows, labels) => {
    expect(labelsOf(wide({ rows }))).toEqual(expect.arrayContaining(labels));
  });

  it("lets bars and areas stand on zero, and bars below it hang from it", () => {
    const svg = wide({ type: "bar", rows: xy(10, -5) });
    const [, base = ""] = /class="base"[^>]* y1="([\d.]+)"/.exec(svg) ?? [];
    const bars = [...svg.matchAll(/class="bar" x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)"/g)];
    const [up, down] = bars.map(([, y, height]) => ({ top: Number(y), bottom: Number(y) + Number(height) }));
    expect(up?.bottom).toBeCloseTo(Number(base), 0);
    expect(down?.top).toBeCloseTo(Number(base), 0);
    expect(labelsOf(wide({ type: "area", rows: xy(100, 101) }))).toContain("0");
    expect(labelsOf(wide({ type: "line", rows: xy(100, 101) }))).not.toContain("0");
  });
});

describe("along the bottom", () => {
  const labels = (xs: readonly (string | number | null)[], type = "line"): readonly string[] => {
    const svg = wide({ type, rows: xs.map((x) => ({ x, y: 1 })) });
    return [...svg.matchAll(/<text class="label" x="[^"]*" y="[^"]*" text-anchor="\w+">([^<]*)</g)].map(
      ([, text]) => text ?? "",
    );
  };

  it("days are an axis of time, in their order, each called once", () => {
    expect(labels(["2027-01-17", "2027-01-15", "2027-01-16"])).toEqual(["15 Jan", "16 Jan", "17 Jan"]);
    expect(labels(["2027-01-15"])).toEqual(["15 Jan"]);
  });

  it.each([
    [["2027-01-15T09:00:00Z", "2027-01-15T11:00:00+01:00", "2027-01-15 12:00"], /^\d\d:\d\d$/],
    [["2026-01-01", "2026-12-31"], /^\w{3} 2026$|^\w{3} 2027$/],
    [["2001-01-01", "2026-12-31"], /^20[012]\d$/],
  ])("times are called as coarsely as there is time to see: %j", (xs, shape) => {
    const found = labels(xs);
    expect(found.length).toBeGreaterThan(1);
    for (const label of found) expect(label).toMatch(shape);
  });

  it("numbers are an axis of numbers: what lies farther apart stands farther apart", () => {
    const svg = wide({ type: "scatter", rows: [0, 1, 10].map((x) => ({ x, y: 1 })) });
    const at = [...svg.matchAll(/translate\(([\d.]+),/g)].map(([, x]) => Number(x));
    expect(((at[2] ?? 0) - (at[0] ?? 0)) / ((at[1] ?? 0) - (at[0] ?? 0))).toBeCloseTo(10, 0);
  });

  it.each([
    [
      ["a", "b", "a"],
      ["a", "b", "a"],
    ],
    [
      ["2027-01-15", "soon"],
      ["2027-01-15", "soon"],
    ],
    [
      ["2027-13-45", "2027-01-15"],
      ["2027-13-45", "2027-01-15"],
    ],
    [
      ["a", null],
      ["a", "–"],
    ],
    [["a very long name of something"], ["a very long name…"]],
  ])("everything else is an axis of names: %j", (xs, names) => {
    expect(labels(xs)).toEqual(names);
  });

  it("bars stand on names, days among them", () => {
    expect(labels(["2027-01-15", "2027-01-15", "2027-01-17"], "bar")).toEqual(["15 Jan", "15 Jan", "17 Jan"]);
  });

  it("has as many names as there is room for", () => {
    const found = labels(Array.from({ length: 500 }, (_, index) => `name ${index}`));
    expect(found.length).toBeGreaterThan(4);
    expect(found.length).toBeLessThan(13);
  });
});

describe("whatever the numbers are", () => {
  const value = fc.oneof(
    fc.double({ noNaN: true, min: -1e100, max: 1e100 }),
    fc.integer(),
    fc.constant(null),
    fc.constantFrom(0, -0, 5e-324, 1e100, -1e100),
  );
  const x = fc.oneof(
    value,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((date) => date.toISOString()),
    fc.string({ maxLength: 40 }),
  );
  const xs = fc.oneof(
    fc.array(x, { maxLength: 30 }),
    fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 30 }),
  );

  it("every place in the drawing is a number", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CHART_TYPES),
        xs,
        fc.array(value, { minLength: 30, maxLength: 30 }),
        (type, places, ys) => {
          const html = drawn({ type, rows: places.map((place, index) => ({ x: place, y: ys[index] ?? null })) });
          const numbers = [...html.matchAll(/ (?:d|x|y|x1|x2|y1|y2|cx|cy|width|height|transform)="([^"]*)"/g)];
          for (const [, text] of numbers) expect(text).not.toMatch(/NaN|Infinity|undefined/);
        },
      ),
      { numRuns: 200 },
    );
  });
});

/** WCAG 2.2: the contrast of two colours. */
function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [one, other].map(luminance).sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

describe("colours", () => {
  const named = (name: string): readonly string[] =>
    new RegExp(`--${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(STYLE)?.slice(1) ?? [];
  const [paper, ground] = [named("paper"), named("ground")];

  it.each(SERIES_COLOURS.map((colours, index) => [index, ...colours] as const))(
    "of series %i have a contrast of 3 to the paper, by day and by night",
    (_, day, night) => {
      expect(contrast(day, paper[0] ?? "")).toBeGreaterThanOrEqual(3);
      expect(contrast(night, paper[1] ?? "")).toBeGreaterThanOrEqual(3);
    },
  );

  it.each(["ink", "quiet", "accent", "wrong", "warn"])("of text have a contrast of 4.5: %s", (name) => {
    for (const side of [0, 1])
      for (const under of [paper, ground])
        expect(contrast(named(name)[side] ?? "", under[side] ?? "")).toBeGreaterThanOrEqual(4.5);
  });

  it("of a button's text have it too", () => {
    for (const side of [0, 1])
      expect(contrast(named("on-accent")[side] ?? "", named("accent")[side] ?? "")).toBeGreaterThanOrEqual(4.5);
  });
});
