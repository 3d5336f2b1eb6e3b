/** A chart as SVG, with its title, its legend, and its data as a table for those who do not see it. */
import { type ChartBlock, fieldOf } from "../../domain/blocks/block.ts";
import { Notes } from "../notes.tsx";
import { cellNumber, cellText } from "../numbers.ts";
import { Table } from "../table.tsx";
import { FRAMES, type Frame, GLYPH_WIDTH, MARGIN, px } from "./frame.ts";
import { Marks, pointShape } from "./marks.tsx";
import { xAxisOf } from "./x-axis.ts";
import { valuesOf, yAxisOf } from "./y-axis.ts";

interface ChartProps {
  readonly block: ChartBlock;
  readonly name: string;
  readonly id: string;
}

export const Chart = ({ block, name, id }: ChartProps) => {
  const title = block.title ?? name;
  const columns = [
    { key: block.x, label: block.x, align: "left" as const },
    ...block.y.map((key) => ({ key, label: key, align: "right" as const })),
  ];
  return (
    <figure class="block chart">
      <figcaption>
        {block.title === undefined ? null : <h3>{block.title}</h3>}
        {block.y.length > 1 ? <Legend block={block} /> : null}
      </figcaption>
      {valuesOf(block).length === 0 ? (
        <p class="note">{block.rows.length === 0 ? "The chart has no rows." : "The chart has no values."}</p>
      ) : (
        <>
          <div class="plot">
            {FRAMES.map((frame) => (
              <Drawing block={block} title={title} id={`${id}-${frame.name}`} frame={frame} />
            ))}
          </div>
          <details>
            <summary>Show the data as a table</summary>
            <Table caption={`${title}: the data`} isCaptionShown={false} columns={columns} rows={block.rows} />
          </details>
        </>
      )}
      <Notes notes={block.notes} />
    </figure>
  );
};

interface DrawingProps {
  readonly block: ChartBlock;
  readonly title: string;
  readonly id: string;
  readonly frame: Frame;
}

const Drawing = ({ block, title, id, frame }: DrawingProps) => {
  const { width, height, name } = frame;
  const top = MARGIN.top + (block.unit === undefined ? 0 : 18);
  const bottom = height - MARGIN.bottom;
  const y = yAxisOf(block, bottom, top);
  const left = MARGIN.left + y.labels.reduce((most, { text }) => Math.max(most, text.length), 1) * GLYPH_WIDTH + 8;
  const right = width - MARGIN.right;
  const x = xAxisOf(block, left, right);
  return (
    <svg class={name} viewBox={`0 0 ${width} ${height}`} role="img" aria-labelledby={`${id}-t ${id}-d`}>
      <title id={`${id}-t`}>{title}</title>
      <desc id={`${id}-d`}>{inWords(block)}</desc>
      {block.unit === undefined ? null : (
        <text class="unit" x={MARGIN.left} y={MARGIN.top}>
          {block.unit}
        </text>
      )}
      {y.labels.map(({ at, text }) => (
        <>
          <line class="grid" x1={left} x2={right} y1={px(at)} y2={px(at)} />
          <text class="label" x={left - 8} y={px(at)} dy="0.32em" text-anchor="end">
            {text}
          </text>
        </>
      ))}
      <line class="base" x1={left} x2={right} y1={px(y.base)} y2={px(y.base)} />
      {x.labels.map(({ at, text }) => (
        <text class="label" x={px(at)} y={bottom + 20} text-anchor={anchorOf(at, text, width)}>
          {text}
        </text>
      ))}
      <Marks block={block} x={x} y={y} />
    </svg>
  );
};

/** A label at the edge stays inside. */
function anchorOf(at: number, text: string, width: number): "start" | "middle" | "end" {
  const half = (text.length * GLYPH_WIDTH) / 2;
  if (at + half > width) return "end";
  return at - half < 0 ? "start" : "middle";
}

const Legend = ({ block: { y, type } }: { readonly block: ChartBlock }) => (
  <ul class="legend">
    {y.map((name, index) => (
      <li class={`s${index}`}>
        <svg viewBox="0 0 26 12" width="26" height="12" aria-hidden="true">
          {type === "scatter" ? <path class="point" d={pointShape(index)} transform="translate(13,6)" /> : null}
          {type === "bar" ? <rect class="bar" x="7" y="0" width="12" height="12" /> : null}
          {type === "line" || type === "area" ? <path class="line" d="M1,6H25" /> : null}
        </svg>
        {name}
      </li>
    ))}
  </ul>
);

/** What a chart says, for those who hear it: of each series how many values, from where to where, and the last one. */
function inWords(block: ChartBlock): string {
  const { x, y, rows, type } = block;
  const series = y.map((name) => {
    const values = rows.flatMap((row) => {
      const value = fieldOf(row, name);
      return typeof value === "number" ? [value] : [];
    });
    if (values.length === 0) return `${name} has no values.`;
    const [least, most] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
    return `${name}: ${values.length} values from ${cellNumber(least)} to ${cellNumber(most)}, the last one ${cellNumber(values.at(-1) ?? 0)}.`;
  });
  const [first, last] = [rows[0], rows.at(-1)].map((row) => (row === undefined ? "" : cellText(fieldOf(row, x))));
  const unit = block.unit === undefined ? "" : `, in ${block.unit}`;
  return `A ${type} chart by ${x}, from ${first} to ${last}${unit}. ${series.join(" ")}`;
}
