/** What functions return, as blocks: every kind, and everything that is none. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BLOCK_KINDS } from "../../../src/domain/blocks/block.ts";
import { readBlocks } from "../../../src/domain/blocks/read-blocks.ts";
import type { Json } from "../../../src/domain/json.ts";

const only = (value: Json) => {
  const blocks = readBlocks(value);
  expect(blocks).toHaveLength(1);
  return blocks[0];
};

const TABLE = { kind: "table", rows: [{ day: "Mon", orders: 12 }] };
const CHART = { kind: "chart", type: "line", rows: [{ day: "Mon", orders: 12 }], x: "day", y: "orders" };

describe("a value", () => {
  it.each([
    ["three rows", { form: "plain", text: "three rows" }],
    [42, { form: "plain", text: "42" }],
    [false, { form: "plain", text: "false" }],
    [null, { form: "nothing", text: "" }],
    [{ rows: 3 }, { form: "json", text: '{\n  "rows": 3\n}' }],
    [[1, 2], { form: "json", text: "[\n  1,\n  2\n]" }],
    [[], { form: "json", text: "[]" }],
    [{ kind: "dog" }, { form: "json", text: '{\n  "kind": "dog"\n}' }],
    [{ kind: 7 }, { form: "json", text: '{\n  "kind": 7\n}' }],
  ] as const)("that is no block is shown as it is: %j", (value, shown) => {
    expect(only(value)).toEqual({ kind: "value", ...shown, notes: [] });
  });

  it("that is too long says how much of it is not shown, and cuts no character in two", () => {
    const block = only(`${"x".repeat(19_999)}😀${"y".repeat(100)}`);
    expect(block).toMatchObject({ kind: "value", notes: ["102 more characters are not shown."] });
    expect(block?.kind === "value" && block.text).toBe(`${"x".repeat(19_999)}…`);
  });

  it("that is a list with a block in it shows each of its items by itself", () => {
    const blocks = readBlocks([{ kind: "text", text: "one" }, 2, { kind: "metric", label: "three", value: 3 }]);
    expect(blocks.map(({ kind }) => kind)).toEqual(["text", "value", "metric"]);
  });

  it("that is a list of very many blocks says how many are not shown", () => {
    const blocks = readBlocks(Array.from({ length: 205 }, () => ({ kind: "text", text: "one" })));
    expect(blocks).toHaveLength(201);
    expect(blocks.at(-1)).toMatchObject({ kind: "value", text: "5 more blocks are not shown." });
  });
});

describe("a table", () => {
  it("without columns has every field of its rows, in the order in which they come", () => {
    expect(only({ kind: "table", rows: [{ a: 1 }, { b: "x", a: 2 }] })).toMatchObject({
      columns: [
        { key: "a", label: "a", align: "right" },
        { key: "b", label: "b", align: "left" },
      ],
    });
  });

  it("names, orders and aligns its columns as it is told", () => {
    const columns = ["orders", { key: "day", label: "Day", align: "center" }];
    expect(only({ ...TABLE, columns, title: "Orders" })).toEqual({
      kind: "table",
      title: "Orders",
      columns: [
        { key: "orders", label: "orders", align: "right" },
        { key: "day", label: "Day", align: "center" },
      ],
      rows: TABLE.rows,
      notes: [],
    });
  });

  it("says how many rows and columns are not shown", () => {
    const rows = Array.from({ length: 6_001 }, (_, index) => ({ index }));
    expect(only({ kind: "table", rows })).toMatchObject({ notes: ["1,001 more rows are not shown."] });
    const wide = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`c${index}`, index]));
    const block = only({ kind: "table", rows: Array.from({ length: 2_000 }, () => wide) });
    expect(block).toMatchObject({ notes: ["1,000 more rows are not shown.", "1 more column is not shown."] });
  });
});

describe("a chart", () => {
  it("keeps what is drawn: the field along the bottom, and of the series numbers or gaps", () => {
    const rows = [
      { day: "Mon", a: "12.50", b: null, other: true },
      { day: "Tue", a: -1 },
    ];
    expect(only({ ...CHART, rows, y: ["a", "b"] })).toMatchObject({
      y: ["a", "b"],
      rows: [
        { day: "Mon", a: 12.5, b: null },
        { day: "Tue", a: -1, b: null },
      ],
    });
  });

  it("draws twelve series, five thousand rows and ten thousand points, and says what it does not", () => {
    const names = Array.from({ length: 14 }, (_, index) => `s${index}`);
    const row = Object.fromEntries(names.map((name) => [name, 1]));
    const rows = Array.from({ length: 5_002 }, () => row);
    expect(only({ ...CHART, rows, y: "s0" })).toMatchObject({ y: ["s0"], notes: ["2 more rows are not drawn."] });
    expect(only({ ...CHART, rows, y: names })).toMatchObject({
      y: names.slice(0, 12),
      notes: ["4,169 more rows are not drawn.", "2 more series are not drawn: s12, s13."],
    });
  });

  // Each would take minutes if every name took a look at every row.
  it("is not held up by very many names that no row has", () => {
    const names = Array.from({ length: 100_000 }, (_, index) => `n${index}`);
    const rows = Array.from({ length: 100_000 }, () => ({ day: "Mon" }));
    expect(only({ ...CHART, rows, y: names })).toMatchObject({ trouble: { path: "/y/0" } });
    expect(only({ kind: "table", rows, columns: names })).toMatchObject({
      notes: expect.arrayContaining([expect.stringContaining("99,950 more columns")]),
    });
  });

  it("takes fields of any name, also of names that every object has", () => {
    const rows = [JSON.parse('{"__proto__": "Mon", "constructor": 3}')];
    const block = only({ ...CHART, rows, x: "__proto__", y: "constructor" });
    expect(JSON.stringify(block)).toContain('"rows":[{"__proto__":"Mon","constructor":3}]');
    expect(only({ ...CHART, rows: [{ day: "Mon" }], y: "toString" })).toMatchObject({ trouble: { path: "/y" } });
  });
});

describe("a metric and an html block", () => {
  it("may have no value yet", () => {
    expect(only({ kind: "metric", label: "Orders", value: null, unit: "EUR", change: -3.1, note: "so far" })).toEqual({
      kind: "metric",
      label: "Orders",
      value: null,
      unit: "EUR",
      change: -3.1,
      note: "so far",
      notes: [],
    });
  });

  it.each([
    [undefined, 320],
    [1, 40],
    [99_999, 4_000],
    [120.4, 120],
  ])("keeps a frame within reason: %j is %i pixels high", (height, held) => {
    const block = { kind: "html", html: "<b>x</b>", ...(height === undefined ? {} : { height }) };
    expect(only(block)).toMatchObject({ html: "<b>x</b>", height: held });
  });
});

describe("a block that is malformed", () => {
  it.each([
    [{ kind: "text" }, "/text", "It is missing."],
    [{ kind: "text", text: 3 }, "/text", "It is the number 3."],
    [{ kind: "markdown", text: "x", title: [] }, "/title", "It is an empty list."],
    [{ kind: "table" }, "/rows", "It is missing."],
    [{ ...TABLE, rows: [{ a: 1 }, 7] }, "/rows/1", "It is the number 7."],
    [{ ...TABLE, columns: "day" }, "/columns", 'It is the string "day".'],
    [{ ...TABLE, columns: [{ label: "Day" }] }, "/columns/0/key", "It is missing."],
    [{ ...TABLE, columns: [{ key: "day", align: "middle" }] }, "/columns/0/align", 'It is the string "middle".'],
    [{ kind: "metric", label: "x" }, "/value", "It is missing."],
    [{ kind: "metric", label: "x", value: 1, change: {} }, "/change", "It is an object."],
    [{ ...CHART, type: "pie" }, "/type", 'It is the string "pie".'],
    [{ ...CHART, y: [] }, "/y", "It is an empty list."],
    [{ ...CHART, y: ["orders", "orders"] }, "/y", "It is a list."],
    [{ ...CHART, y: "revenue" }, "/y", 'It is the string "revenue".'],
    [{ ...CHART, x: null }, "/x", "It is null."],
    [{ ...CHART, rows: [{ day: "Mon", orders: "NaN" }] }, "/rows/0/orders", 'It is the string "NaN".'],
    [{ ...CHART, rows: [{ day: "Mon", orders: "1e999" }] }, "/rows/0/orders", 'It is the string "1e999".'],
    [{ kind: "html", html: "x", height: "tall" }, "/height", 'It is the string "tall".'],
  ] as const)("is shown as a value, with what was wrong: %j", (value, path, message) => {
    expect(only(value)).toMatchObject({ kind: "value", form: "json", trouble: { path, message } });
    const block = only(value);
    expect(block?.kind === "value" && block.trouble?.expected).toBeTruthy();
  });
});

describe("whatever a function returns", () => {
  const keys = fc.constantFrom("kind", "rows", "columns", "x", "y", "type", "text", "label", "value", "html", "height");
  const anything = fc.jsonValue().map((value) => value as Json);
  const nearBlocks = fc
    .dictionary(keys, anything)
    .chain((fields) => fc.constantFrom(...BLOCK_KINDS).map((kind): Json => ({ ...fields, kind })));

  it("is shown, and showing it breaks nothing", () => {
    fc.assert(
      fc.property(fc.oneof(anything, nearBlocks, fc.array(nearBlocks)), (value) => {
        const blocks = readBlocks(value);
        expect(blocks.length).toBeGreaterThan(0);
        expect(JSON.parse(JSON.stringify(blocks))).toEqual(blocks);
      }),
      { numRuns: 300 },
    );
  });
});

describe("docs/app.md", () => {
  const page = readFileSync("docs/app.md", "utf8");
  const examples = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text = ""]): Json => JSON.parse(text));

  it("has an example of every kind of block, and each is one", () => {
    const kinds = examples.flatMap((example) => readBlocks(example)).map((block) => block.kind);
    for (const kind of BLOCK_KINDS) expect(kinds).toContain(kind);
    expect(kinds).not.toContain("value");
  });
});
