/** A block as JSON: what a function returned, read and made whole, as the page draws it. */
import { z } from "@hono/zod-openapi";
import { CHART_TYPES, COLUMN_ALIGNMENTS } from "../domain/blocks/block.ts";
import { InputIssueJson } from "./operation.ts";

const SHOWN = {
  title: z.string().optional(),
  notes: z.array(z.string()).openapi({ description: "What of it is left out, in words." }),
};

const NumberOrText = z.union([z.number(), z.string()]);
const Rows = z.array(z.record(z.string(), z.unknown()));

const TextBlockJson = z.strictObject({ kind: z.literal("text"), text: z.string(), ...SHOWN }).openapi("TextBlock");

const MarkdownBlockJson = z
  .strictObject({ kind: z.literal("markdown"), text: z.string(), ...SHOWN })
  .openapi("MarkdownBlock");

const TableBlockJson = z
  .strictObject({
    kind: z.literal("table"),
    columns: z.array(z.strictObject({ key: z.string(), label: z.string(), align: z.enum(COLUMN_ALIGNMENTS) })),
    rows: Rows,
    ...SHOWN,
  })
  .openapi("TableBlock");

const MetricBlockJson = z
  .strictObject({
    kind: z.literal("metric"),
    label: z.string(),
    value: NumberOrText.nullable(),
    unit: z.string().optional(),
    change: NumberOrText.optional().openapi({ description: "A number is percent." }),
    note: z.string().optional(),
    ...SHOWN,
  })
  .openapi("MetricBlock");

const ChartBlockJson = z
  .strictObject({
    kind: z.literal("chart"),
    type: z.enum(CHART_TYPES),
    x: z.string(),
    y: z.array(z.string()),
    rows: Rows.openapi({ description: "Only the fields that are drawn." }),
    unit: z.string().optional(),
    ...SHOWN,
  })
  .openapi("ChartBlock");

const HtmlBlockJson = z
  .strictObject({
    kind: z.literal("html"),
    html: z.string().openapi({ description: "As the function wrote it: show it in a sandboxed frame." }),
    height: z.number().openapi({ description: "In CSS pixels." }),
    ...SHOWN,
  })
  .openapi("HtmlBlock");

const ValueBlockJson = z
  .strictObject({
    kind: z.literal("value"),
    text: z.string(),
    form: z.enum(["nothing", "plain", "json"]),
    trouble: InputIssueJson.optional().openapi({ description: "What kept it from being the block it says it is." }),
    ...SHOWN,
  })
  .openapi("ValueBlock", { description: "Whatever is no block." });

export const BlockJson = z
  .discriminatedUnion("kind", [
    TextBlockJson,
    MarkdownBlockJson,
    TableBlockJson,
    MetricBlockJson,
    ChartBlockJson,
    HtmlBlockJson,
    ValueBlockJson,
  ])
  .openapi("Block");
