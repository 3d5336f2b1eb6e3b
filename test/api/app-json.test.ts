/** The app as JSON: the document and docs/app.md describe it, and every kind of block, as it really comes. */
import { describe, expect, it } from "vitest";
import page from "../../docs/app.md?raw";
import { AppJson, appJson } from "../../src/api/app-json.ts";
import { BlockJson } from "../../src/api/block-json.ts";
import { BLOCK_KINDS } from "../../src/domain/blocks/block.ts";
import { readBlocks } from "../../src/domain/blocks/read-blocks.ts";
import type { Json } from "../../src/domain/json.ts";
import { viewOf } from "../app/views.ts";
import { call } from "./caller.ts";

const ROWS = [{ day: "2027-01-14", orders: 81, note: null }];

/** Each kind with every field that it may have, and what is no block. */
const VALUES: readonly Json[] = [
  { kind: "text", text: "All is well", title: "Imports" },
  { kind: "markdown", text: "**All** is well" },
  { kind: "table", rows: ROWS, columns: ["day", { key: "orders", label: "Orders", align: "center" }], title: "Days" },
  { kind: "metric", label: "Orders", value: 12, unit: "pieces", change: -3.1, note: "of a week", title: "Week" },
  { kind: "metric", label: "Orders", value: null, change: "as before" },
  { kind: "chart", type: "bar", rows: ROWS, x: "day", y: ["orders"], unit: "pieces", title: "Days" },
  { kind: "html", html: "<b>North</b>", height: 160, title: "Map" },
  { kind: "chart", type: "pie", rows: ROWS, x: "day", y: "orders" },
  { rows: 3 },
  null,
];

describe("a block as JSON", () => {
  it.each(VALUES)("is as the document describes it: %j", (value) => {
    const described = readBlocks(value).map((block) => BlockJson.safeParse(block).error?.issues ?? []);
    expect(described).toEqual([[]]);
  });

  it("has a description of its own for each kind, so that programs can tell them apart", async () => {
    const { schemas } = (await call("GET", "/openapi.json")).body.components;
    const { oneOf, discriminator } = schemas.Block;
    expect(oneOf).toHaveLength(BLOCK_KINDS.length + 1);
    expect(discriminator.propertyName).toBe("kind");
    expect(Object.keys(discriminator.mapping).sort()).toEqual([...BLOCK_KINDS, "value"].sort());
  });
});

describe("an app as JSON", () => {
  it("has the fields that docs/app.md tells of, and no other", () => {
    const rows = page.slice(page.indexOf("| field | is |"), page.indexOf("Every block is made whole"));
    const told = [...rows.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, names = ""]) => names.match(/\w+/g) ?? []);
    expect(told).toEqual(Object.keys(AppJson.shape));
  });

  it("is as the document describes it", () => {
    const view = viewOf({ report: [...VALUES] });
    expect(AppJson.safeParse(appJson(view)).error?.issues ?? []).toEqual([]);
    const error = { reason: "exception", message: "No data", fn: "report" } as const;
    const failed = viewOf(
      {},
      { status: "failed", error, notices: [{ tone: "wrong", text: "No", detail: "at a.js:1" }] },
    );
    expect(AppJson.safeParse(appJson(failed)).error?.issues ?? []).toEqual([]);
  });
});
