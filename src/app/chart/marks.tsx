/** What stands in a chart for its values: lines, areas, bars and points. */
import { area, line, symbol, symbolsFill } from "d3-shape";
import { type ChartBlock, fieldOf } from "../../domain/blocks/block.ts";
import { cellNumber, cellText } from "../numbers.ts";
import { px } from "./frame.ts";
import type { XAxis } from "./x-axis.ts";
import type { YAxis } from "./y-axis.ts";

interface MarksProps {
  readonly block: ChartBlock;
  readonly x: XAxis;
  readonly y: YAxis;
}

/** One value of a series, where it is drawn. */
interface Mark {
  readonly at: number;
  readonly value: number | null;
  readonly name: string;
}

/** With more points than this, a line goes without dots. */
const DOTS_MAX = 60;
const DOT_RADIUS = 3;
/** The area of a point, in square pixels. */
const POINT_SIZE = 52;
/** Between the bars of one row. */
const BAR_GAP = 1;
const BAR_MIN_WIDTH = 0.5;
/** A value of nothing still has a mark. */
const BAR_MIN_HEIGHT = 1;

export const Marks = ({ block, x, y }: MarksProps) => (
  <>
    {block.y.map((name, index) => {
      const marks = x.rows.map((row, place): Mark => {
        const value = fieldOf(row, name);
        return {
          at: x.at(place),
          value: typeof value === "number" ? value : null,
          name: cellText(fieldOf(row, block.x)),
        };
      });
      return (
        <g class={`s${index}`}>
          {block.type === "bar" ? <Bars marks={marks} x={x} y={y} slot={{ index, of: block.y.length }} /> : null}
          {block.type === "scatter" ? <Points marks={marks} y={y} index={index} /> : null}
          {block.type === "line" || block.type === "area" ? (
            <Line marks={marks} y={y} isFilled={block.type === "area"} />
          ) : null}
        </g>
      );
    })}
  </>
);

/** A value that is missing is a gap. */
const Line = ({
  marks,
  y,
  isFilled,
}: {
  readonly marks: readonly Mark[];
  readonly y: YAxis;
  readonly isFilled: boolean;
}) => {
  const at = ({ value }: Mark): number => px(y.at(value ?? 0));
  const isThere = ({ value }: Mark): boolean => value !== null;
  const across = (mark: Mark): number => px(mark.at);
  const all = [...marks];
  const under = area<Mark>().defined(isThere).x(across).y0(px(y.base)).y1(at);
  const stroke = line<Mark>().defined(isThere).x(across).y(at);
  const dots = marks.length <= DOTS_MAX ? marks.filter(isThere) : marks.filter((_, index) => isAlone(marks, index));
  return (
    <>
      {isFilled ? <path class="area" d={under(all) ?? ""} /> : null}
      <path class="line" d={stroke(all) ?? ""} />
      {dots.map((mark) => (
        <circle class="dot" cx={across(mark)} cy={at(mark)} r={DOT_RADIUS}>
          <title>{tip(mark)}</title>
        </circle>
      ))}
    </>
  );
};

/** Between two gaps a line has no length. */
const isAlone = (marks: readonly Mark[], index: number): boolean =>
  marks[index]?.value !== null &&
  (marks[index - 1]?.value ?? null) === null &&
  (marks[index + 1]?.value ?? null) === null;

interface BarsProps {
  readonly marks: readonly Mark[];
  readonly x: XAxis;
  readonly y: YAxis;
  /** Which of the bars that stand side by side. */
  readonly slot: { readonly index: number; readonly of: number };
}

const Bars = ({ marks, x, y, slot }: BarsProps) => {
  const room = x.band / slot.of;
  const width = Math.max(BAR_MIN_WIDTH, room - (slot.of > 1 ? BAR_GAP : 0));
  return (
    <>
      {marks.map((mark) => {
        if (mark.value === null) return null;
        const end = y.at(mark.value);
        const height = Math.max(BAR_MIN_HEIGHT, Math.abs(end - y.base));
        return (
          <rect
            class="bar"
            x={px(mark.at - x.band / 2 + slot.index * room)}
            y={px(Math.min(end, y.base))}
            width={px(width)}
            height={px(height)}
          >
            <title>{tip(mark)}</title>
          </rect>
        );
      })}
    </>
  );
};

/** Each series has a shape of its own, beside its colour. */
const Points = ({
  marks,
  y,
  index,
}: {
  readonly marks: readonly Mark[];
  readonly y: YAxis;
  readonly index: number;
}) => {
  const shape = pointShape(index);
  return (
    <>
      {marks.map((mark) =>
        mark.value === null ? null : (
          <path class="point" d={shape} transform={`translate(${px(mark.at)},${px(y.at(mark.value))})`}>
            <title>{tip(mark)}</title>
          </path>
        ),
      )}
    </>
  );
};

/** The outline of a point of the series. */
export function pointShape(index: number): string {
  const shape = symbolsFill[index % symbolsFill.length];
  const drawn = shape === undefined ? null : symbol(shape, POINT_SIZE)();
  return (drawn ?? "").replaceAll(/-?\d+\.\d+/g, (number) => String(px(Number(number))));
}

const tip = ({ name, value }: Mark): string => `${name}: ${value === null ? "–" : cellNumber(value)}`;
