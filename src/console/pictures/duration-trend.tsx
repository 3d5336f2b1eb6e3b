/** How long the runs of a schedule took, one after the other, beside their median and their timeout. */
import { scaleLinear } from "d3-scale";
import { longestDuration, medianDuration } from "../../domain/durations.ts";
import type { Milliseconds } from "../../domain/time/instant.ts";
import { lengthOf } from "../../domain/time/saying.ts";
import type { RunAnswer } from "../answers/run.ts";
import type { InProject } from "../in-project.tsx";
import { runPath } from "../page.tsx";
import { STATUS_NAMES } from "../pieces/marks.tsx";
import { Moment } from "../pieces/moment.tsx";
import { timed } from "./history-strip.tsx";

const FRAMES = [
  { name: "on-wide", width: 880, height: 200, shown: 60 },
  { name: "on-narrow", width: 360, height: 180, shown: 30 },
] as const;

const MARGIN = { top: 12, right: 12, bottom: 10, left: 56 };
/** Lines across, beside the one at the bottom. */
const GRID_LINES = 3;
/** Fewer say nothing of a trend. */
const LEAST_RUNS = 2;

interface TrendProps {
  /** Newest first. */
  readonly runs: readonly RunAnswer[];
  readonly visit: Pick<InProject, "home" | "zone">;
  /** How long a run may take. */
  readonly timeout: Milliseconds;
}

export const DurationTrend = ({ runs, visit, timeout }: TrendProps) => {
  const ended = runs.filter(({ duration_ms }) => duration_ms !== null);
  if (ended.length < LEAST_RUNS) return null;
  return (
    <figure>
      {FRAMES.map((frame) => (
        <Drawing runs={ended.slice(0, frame.shown)} timeout={timeout} frame={frame} />
      ))}
      <figcaption>{inWords(ended, timeout)}</figcaption>
      <details>
        <summary>Show the durations as a table</summary>
        <Durations runs={ended} visit={visit} />
      </details>
    </figure>
  );
};

/** What the picture says. */
function inWords(runs: readonly RunAnswer[], timeout: Milliseconds): string {
  const middle = medianDuration(runs.map(timed));
  const late = runs.filter(({ status }) => status === "timed_out").length;
  return [
    `${runs.length} runs, oldest on the left.`,
    ...(middle === null
      ? []
      : [`Half of those that came to an end took no longer than ${lengthOf(Math.round(middle))} (the line).`]),
    `The longest took ${lengthOf(longestDuration(runs.map(timed)))}.`,
    late === 0
      ? `None ran out of its time of ${lengthOf(timeout)}.`
      : `${late} ran out of time (the triangles); the limit is ${lengthOf(timeout)}.`,
  ].join(" ");
}

interface DrawingProps {
  readonly runs: readonly RunAnswer[];
  readonly timeout: Milliseconds;
  readonly frame: (typeof FRAMES)[number];
}

const Drawing = ({ runs, timeout, frame: { name, width, height } }: DrawingProps) => {
  const middle = medianDuration(runs.map(timed));
  const [left, right] = [MARGIN.left, width - MARGIN.right];
  const y = scaleLinear()
    .domain([0, Math.max(1, longestDuration(runs.map(timed)))])
    .range([height - MARGIN.bottom, MARGIN.top])
    .nice(GRID_LINES);
  const x = scaleLinear()
    .domain([0, Math.max(1, runs.length - 1)])
    .range([left + 8, right - 8]);
  const isLimitSeen = timeout <= (y.domain()[1] ?? 0);
  return (
    <svg class={name} viewBox={`0 0 ${width} ${height}`} role="img" aria-labelledby={`durations-${name}`}>
      <title id={`durations-${name}`}>{`How long the runs took. ${inWords(runs, timeout)}`}</title>
      {y.ticks(GRID_LINES).map((step) => (
        <>
          <line class="axis" x1={left} x2={right} y1={px(y(step))} y2={px(y(step))} />
          <text x={left - 8} y={px(y(step))} dy="0.32em" text-anchor="end">
            {lengthOf(step)}
          </text>
        </>
      ))}
      {middle === null ? null : <line class="median" x1={left} x2={right} y1={px(y(middle))} y2={px(y(middle))} />}
      {isLimitSeen ? <line class="limit" x1={left} x2={right} y1={px(y(timeout))} y2={px(y(timeout))} /> : null}
      {[...runs].reverse().map((run, place) => (
        <Point run={run} x={px(x(place))} y={px(y(run.duration_ms ?? 0))} />
      ))}
    </svg>
  );
};

/** A tenth of a pixel is as fine as anybody sees. */
const px = (value: number): number => Math.round(value * 10) / 10;

const SIZE = 4;

const Point = ({ run: { status }, x, y }: { readonly run: RunAnswer; readonly x: number; readonly y: number }) => {
  if (status === "succeeded") return <circle class={status} cx={x} cy={y} r={SIZE} />;
  if (status === "timed_out")
    return <path class={status} d={`M${x - 5} ${y + SIZE}L${x} ${y - 5}L${x + 5} ${y + SIZE}Z`} />;
  return (
    <path
      class={status === "failed" ? status : `${status} hollow`}
      d={`M${x - 5} ${y}L${x} ${y - 5}L${x + 5} ${y}L${x} ${y + 5}Z`}
    />
  );
};

const Durations = ({ runs, visit }: Pick<TrendProps, "runs" | "visit">) => (
  <div class="wide">
    <table>
      <thead>
        <tr>
          <th scope="col">For</th>
          <th scope="col">Status</th>
          <th scope="col">Took</th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <tr>
            <td>
              <a href={runPath(visit, run.id)}>
                <Moment at={run.scheduled_for} timezone={visit.zone} />
              </a>
            </td>
            <td>{STATUS_NAMES[run.status]}</td>
            <td class="number">{lengthOf(run.duration_ms ?? 0)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
