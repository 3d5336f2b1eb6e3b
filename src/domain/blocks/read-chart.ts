/** Reads a chart. Pure. */
import type { Json } from "../json.ts";
import { ok } from "../result.ts";
import { CHART_TYPES, type ChartBlock, type ChartType, fieldOf, type Row } from "./block.ts";
import { clip, count, given, isList, type Read, readLine, readRows, wrong } from "./read-fields.ts";

const ROWS_MAX = 5_000;
/** Rows times series: each is a mark, and a line of the table beside the chart. */
const POINTS_MAX = 10_000;
/** As many as can be told apart by colour and line. */
const SERIES_MAX = 12;
/** Beyond it the distance of two values is no number any more. */
const VALUE_MAX = 1e100;
/** Nearer to zero the steps of an axis are none any more. */
const VALUE_MIN = 1e-100;

/** Databases hand exact decimals over as texts. */
const NUMBER_TEXT = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?\s*$/i;

export function readChart(block: Row): Read<ChartBlock> {
  const [title, unit] = [readLine(block, "title"), readLine(block, "unit")];
  if (!title.ok) return title;
  if (!unit.ok) return unit;
  const type = fieldOf(block, "type");
  if (!isChartType(type)) return wrong("/type", type, CHART_TYPES.join(", "));
  const all = readRows(block);
  if (!all.ok) return all;
  const axes = readAxes(block, all.value.slice(0, ROWS_MAX));
  if (!axes.ok) return axes;
  const { x, y, more } = axes.value;
  const rowsMax = Math.min(ROWS_MAX, Math.floor(POINTS_MAX / y.length));
  const rows = readPoints(all.value.slice(0, rowsMax), x, y);
  if (!rows.ok) return rows;
  return ok({
    kind: "chart",
    type,
    ...given("title", title.value),
    ...given("unit", unit.value),
    x,
    y,
    rows: rows.value,
    notes: notesOf(all.value.length - rows.value.length, more),
  });
}

interface Axes {
  readonly x: string;
  /** The series that are drawn. */
  readonly y: readonly string[];
  /** The others. */
  readonly more: readonly Json[];
}

function readAxes(block: Row, rows: readonly Row[]): Read<Axes> {
  const x = fieldOf(block, "x");
  if (typeof x !== "string") return wrong("/x", x, "the name of the field along the bottom");
  const y = fieldOf(block, "y");
  const series = isList(y) ? y : [y];
  const expected = "the name of a field with numbers, or a list of such names";
  if (series.length === 0 || new Set(series).size < series.length) return wrong("/y", y, `${expected}, each once`);
  const names: string[] = [];
  for (const [index, name] of series.slice(0, SERIES_MAX).entries()) {
    const path = isList(y) ? `/y/${index}` : "/y";
    if (typeof name !== "string") return wrong(path, name, expected);
    if (rows.length > 0 && !rows.some((row) => Object.hasOwn(row, name)))
      return wrong(path, name, `a field of the rows: ${fieldNames(rows)}`);
    names.push(name);
  }
  return ok({ x, y: names, more: series.slice(SERIES_MAX).filter((name) => name !== undefined) });
}

/** Keeps the fields that are drawn, and checks that they can be. */
function readPoints(rows: readonly Row[], x: string, y: readonly string[]): Read<readonly Row[]> {
  const points: Row[] = [];
  for (const [index, row] of rows.entries()) {
    const place = fieldOf(row, x) ?? null;
    const point: [string, Json][] = [[x, typeof place === "number" && Math.abs(place) < VALUE_MIN ? 0 : place]];
    for (const name of y) {
      const value = fieldOf(row, name) ?? null;
      const number = value === null ? null : readNumber(value);
      if (number === undefined) return wrong(`/rows/${index}/${name}`, value, "a number, or null where there is none");
      point.push([name, number]);
    }
    points.push(Object.fromEntries(point));
  }
  return ok(points);
}

function readNumber(value: Json): number | undefined {
  const number = typeof value === "string" && NUMBER_TEXT.test(value) ? Number(value) : value;
  if (typeof number !== "number" || Math.abs(number) > VALUE_MAX) return undefined;
  return Math.abs(number) < VALUE_MIN ? 0 : number;
}

function notesOf(lessRows: number, lessSeries: readonly Json[]): readonly string[] {
  const names = clip(lessSeries.slice(0, SERIES_MAX).join(", "), 200).text;
  return [
    ...(lessRows > 0 ? [`${count(lessRows, "more row")} not drawn.`] : []),
    ...(lessSeries.length > 0
      ? [`${count(lessSeries.length, "more series", "more series")} not drawn: ${names}.`]
      : []),
  ];
}

const fieldNames = (rows: readonly Row[]): string =>
  clip([...new Set(rows.slice(0, 100).flatMap((row) => Object.keys(row)))].join(", "), 200).text;

const isChartType = (value: Json | undefined): value is ChartType => CHART_TYPES.some((one) => one === value);
