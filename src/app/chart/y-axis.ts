/** Up the side of a chart: the values. */
import { scaleLinear } from "d3-scale";
import { type ChartBlock, fieldOf } from "../../domain/blocks/block.ts";
import { axisNumber } from "../numbers.ts";
import type { AxisLabel } from "./x-axis.ts";

export interface YAxis {
  at(value: number): number;
  /** Where bars and areas stand on. */
  readonly base: number;
  readonly labels: readonly AxisLabel[];
}

const LABELS = 5;
/** Lines whose lowest value is less than this share of the highest are drawn from zero: a small wave then looks small. */
const ZERO_BELOW = 0.5;

/** Every number of the chart. */
export const valuesOf = ({ rows, y }: ChartBlock): readonly number[] =>
  rows.flatMap((row) =>
    y.flatMap((name) => {
      const value = fieldOf(row, name);
      return typeof value === "number" ? [value] : [];
    }),
  );

export function yAxisOf(block: ChartBlock, bottom: number, top: number): YAxis {
  const scale = scaleLinear().domain(domainOf(block)).range([bottom, top]).nice(LABELS);
  const [low = 0, high = 1] = scale.domain();
  return {
    at: (value) => scale(value),
    base: scale(Math.min(Math.max(0, low), high)),
    labels: scale.ticks(LABELS).map((stop) => ({ at: scale(stop), text: axisNumber(stop) })),
  };
}

/** What the axis must hold; never of no height. */
function domainOf(block: ChartBlock): [number, number] {
  const values = valuesOf(block);
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const standsOnZero = block.type === "bar" || block.type === "area";
  const isNearZero = (low >= 0 && low <= high * ZERO_BELOW) || (high <= 0 && high >= low * ZERO_BELOW);
  if (standsOnZero || isNearZero) return low === 0 && high === 0 ? [0, 1] : [Math.min(0, low), Math.max(0, high)];
  if (low < high) return [low, high];
  const room = Math.abs(low) / 10;
  return [low - room, high + room];
}
