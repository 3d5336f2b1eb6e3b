/** Along the bottom of a chart: time, numbers or names, whichever the values are. */
import { scaleBand, scaleLinear, scalePoint, scaleUtc } from "d3-scale";
import { type ChartBlock, fieldOf, type Row } from "../../domain/blocks/block.ts";
import { clip } from "../../domain/blocks/read-fields.ts";
import { axisNumber, cellText } from "../numbers.ts";
import { GLYPH_WIDTH } from "./frame.ts";
import { readTime, spanOf, timeLabel } from "./time.ts";

/** A label, and where it stands. */
export interface AxisLabel {
  readonly at: number;
  readonly text: string;
}

export interface XAxis {
  readonly kind: "time" | "number" | "category";
  /** The rows in the order in which they are drawn. */
  readonly rows: readonly Row[];
  /** The middle of a row, by its place in `rows`. */
  at(index: number): number;
  /** The width that bars of one row share. */
  readonly band: number;
  readonly labels: readonly AxisLabel[];
}

const LABEL_MAX_LENGTH = 16;
const LABEL_GAP = 14;
/** Room for one label of a time or number axis. */
const LABEL_ROOM = 80;
/** Beyond it the distance of two numbers is none: they are names then. */
const FAR = 1e100;
/** The share of a bar's place that stays free. */
const BAR_PADDING = 0.25;

/** Bars stand on names: each row has a place of its own, whatever lies between two. */
export function xAxisOf({ type, x, rows }: ChartBlock, from: number, to: number): XAxis {
  const values = rows.map((row) => fieldOf(row, x) ?? null);
  const times = values.map(readTime);
  const areTimes = rows.length > 0 && !times.some(Number.isNaN);
  if (type === "bar")
    return bands(rows, areTimes ? times.map(timeLabel(spanOf(times))) : values.map(cellText), from, to);
  const numbers = values.map((value) => (typeof value === "number" && Math.abs(value) <= FAR ? value : Number.NaN));
  if (!numbers.some(Number.isNaN)) return continuous("number", rows, numbers, from, to);
  if (areTimes) return continuous("time", rows, times, from, to);
  return points(rows, values.map(cellText), from, to);
}

function continuous(
  kind: "time" | "number",
  rows: readonly Row[],
  values: readonly number[],
  from: number,
  to: number,
): XAxis {
  const order = values.map((_, index) => index).sort((one, other) => (values[one] ?? 0) - (values[other] ?? 0));
  const [first, last] = [values[order[0] ?? 0] ?? 0, values[order.at(-1) ?? 0] ?? 0];
  const many = Math.max(2, Math.floor((to - from) / LABEL_ROOM));
  const scale = kind === "time" ? scaleUtc([first, last], [from, to]) : scaleLinear([first, last], [from, to]);
  const isOne = first === last;
  const at = (value: number): number => (isOne ? (from + to) / 2 : Number(scale(value)));
  const stops = isOne ? [first] : scale.ticks(many).map(Number);
  const text = kind === "time" ? timeLabel(last - first) : (stop: number) => axisNumber(stop, true);
  return {
    kind,
    rows: order.map((index) => rows[index]).filter((row) => row !== undefined),
    at: (index) => at(values[order[index] ?? 0] ?? 0),
    band: 0,
    labels: apart(stops.map((stop) => ({ at: at(stop), text: text(stop) }))),
  };
}

/** No text twice in a row, since two stops of one day are both called by the day; and none over another one. */
function apart(labels: readonly AxisLabel[]): readonly AxisLabel[] {
  const kept: AxisLabel[] = [];
  for (const label of labels) {
    const last = kept.at(-1);
    const room = last === undefined ? 0 : ((last.text.length + label.text.length) / 2) * GLYPH_WIDTH + LABEL_GAP / 2;
    if (last === undefined || (last.text !== label.text && label.at - last.at >= room)) kept.push(label);
  }
  return kept;
}

function bands(rows: readonly Row[], names: readonly string[], from: number, to: number): XAxis {
  const scale = scaleBand<number>().domain(names.keys()).range([from, to]).padding(BAR_PADDING);
  const band = scale.bandwidth();
  const at = (index: number): number => (scale(index) ?? from) + band / 2;
  return { kind: "category", rows, at, band, labels: namesOf(names, at, to - from) };
}

function points(rows: readonly Row[], names: readonly string[], from: number, to: number): XAxis {
  const scale = scalePoint<number>().domain(names.keys()).range([from, to]).padding(0.5);
  const at = (index: number): number => scale(index) ?? from;
  return { kind: "category", rows, at, band: 0, labels: namesOf(names, at, to - from) };
}

/** As many names as there is room for, evenly. */
function namesOf(names: readonly string[], at: (index: number) => number, width: number): readonly AxisLabel[] {
  const short = names.map((name) => clip(name, LABEL_MAX_LENGTH).text);
  const widest = short.reduce((most, name) => Math.max(most, name.length), 1) * GLYPH_WIDTH + LABEL_GAP;
  const step = Math.max(1, Math.ceil((names.length * widest) / width));
  return short.flatMap((text, index) => (index % step === 0 ? [{ at: at(index), text }] : []));
}
