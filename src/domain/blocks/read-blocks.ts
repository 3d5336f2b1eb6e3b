/**
 * From what a function returned to what the app shows. Pure. Nothing is refused: a function's value is as it is, and what
 * cannot be shown as the block that it says it is, is shown as a value beside what was wrong with it.
 */
import type { Json } from "../json.ts";
import { ok } from "../result.ts";
import { BLOCK_KINDS, type Block, type BlockKind, fieldOf, type Row, type ValueBlock } from "./block.ts";
import { prettyJson } from "./pretty-json.ts";
import { readChart } from "./read-chart.ts";
import { clipWithNote, count, given, isList, isRow, type Read, readLine, readText, wrong } from "./read-fields.ts";
import { readTable } from "./read-table.ts";

/** What one function may show. */
const BLOCKS_MAX = 200;
const TEXT_MAX_LENGTH = 50_000;
const VALUE_MAX_LENGTH = 20_000;
const HTML_MAX_LENGTH = 500_000;
const METRIC_MAX_LENGTH = 100;

/** Heights of an html block, in CSS pixels. */
const HEIGHT_DEFAULT = 320;
const HEIGHT_MIN = 40;
const HEIGHT_MAX = 4_000;

const READERS: Readonly<Record<BlockKind, (block: Row) => Read<Block>>> = {
  text: readWords("text"),
  markdown: readWords("markdown"),
  table: readTable,
  metric: readMetric,
  chart: readChart,
  html: readHtml,
};

/** The blocks of one function's value: one, or for a list that holds blocks as many as it has. */
export function readBlocks(value: Json): readonly Block[] {
  if (!isList(value) || !value.some((one) => kindOf(one) !== undefined)) return [readBlock(value)];
  const blocks = value.slice(0, BLOCKS_MAX).map(readBlock);
  const left = value.length - blocks.length;
  return left === 0 ? blocks : [...blocks, plain(`${count(left, "more block")} not shown.`)];
}

function readBlock(value: Json): Block {
  const kind = kindOf(value);
  if (kind === undefined || !isRow(value)) return valueBlock(value);
  const block = READERS[kind](value);
  return block.ok ? block.value : { ...valueBlock(value), trouble: block.error };
}

function kindOf(value: Json): BlockKind | undefined {
  const kind = isRow(value) ? fieldOf(value, "kind") : undefined;
  return BLOCK_KINDS.find((one) => one === kind);
}

function readWords(kind: "text" | "markdown"): (block: Row) => Read<Block> {
  return (block) => {
    const [text, title] = [readText(block, "text"), readLine(block, "title")];
    if (!text.ok) return text;
    return title.ok
      ? ok({ kind, ...given("title", title.value), ...clipWithNote(text.value, TEXT_MAX_LENGTH) })
      : title;
  };
}

function readMetric(block: Row): Read<Block> {
  const label = readText(block, "label");
  if (!label.ok) return label;
  const value = fieldOf(block, "value");
  if (typeof value !== "number" && typeof value !== "string" && value !== null)
    return wrong("/value", value, "a number, a text, or null while there is none");
  const change = fieldOf(block, "change") ?? undefined;
  if (change !== undefined && typeof change !== "number" && typeof change !== "string")
    return wrong("/change", change, "a number of percent, or a text");
  const [unit, note, title] = [readLine(block, "unit"), readLine(block, "note"), readLine(block, "title")];
  if (!unit.ok) return unit;
  if (!note.ok) return note;
  if (!title.ok) return title;
  const shown = typeof value === "string" ? clipWithNote(value, METRIC_MAX_LENGTH) : { text: value, notes: [] };
  return ok({
    kind: "metric",
    ...given("title", title.value),
    label: clipWithNote(label.value, METRIC_MAX_LENGTH).text,
    value: shown.text,
    ...given("unit", unit.value),
    ...given("change", typeof change === "string" ? clipWithNote(change, METRIC_MAX_LENGTH).text : change),
    ...given("note", note.value),
    notes: shown.notes,
  });
}

function readHtml(block: Row): Read<Block> {
  const [html, title] = [readText(block, "html"), readLine(block, "title")];
  if (!html.ok) return html;
  if (!title.ok) return title;
  const height = fieldOf(block, "height") ?? HEIGHT_DEFAULT;
  if (typeof height !== "number") return wrong("/height", height, `a number of pixels, ${HEIGHT_MIN} to ${HEIGHT_MAX}`);
  const { text, notes } = clipWithNote(html.value, HTML_MAX_LENGTH);
  const held = Math.round(Math.min(Math.max(height, HEIGHT_MIN), HEIGHT_MAX));
  return ok({ kind: "html", ...given("title", title.value), html: text, height: held, notes });
}

/** Whatever was returned, as a person can read it. */
function valueBlock(value: Json): ValueBlock {
  if (value === null) return { kind: "value", form: "nothing", text: "", notes: [] };
  const isPlain = typeof value !== "object";
  const text = isPlain ? String(value) : prettyJson(value, VALUE_MAX_LENGTH);
  return { kind: "value", form: isPlain ? "plain" : "json", ...clipWithNote(text, VALUE_MAX_LENGTH) };
}

const plain = (text: string): ValueBlock => ({ kind: "value", form: "plain", text, notes: [] });
