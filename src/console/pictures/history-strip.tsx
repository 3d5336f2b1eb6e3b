/** Runs one after the other, as bars: how long each took by its height, how it ended by its colour and its shape. */
import { barShare, longestDuration } from "../../domain/durations.ts";
import { lengthOf, sayMoment } from "../../domain/time/saying.ts";
import type { RunAnswer } from "../answers/run.ts";
import type { InProject } from "../in-project.tsx";
import { runPath } from "../page.tsx";
import { STATUS_NAMES } from "../pieces/marks.tsx";

/** The most runs that are drawn, where there is room and where there is little. */
const WIDE = 60;
const NARROW = 22;

const STEP = 15;
const BAR = 11;
const HEIGHT = 64;
/** Above the bars, for what crowns some of them. */
const TOP = 10;

interface StripProps {
  /** Newest first, as the API lists them; the first 60 are drawn, the newest on the right. */
  readonly runs: readonly RunAnswer[];
  readonly visit: Pick<InProject, "home" | "zone">;
  /** What is seen: `The last 60 runs`. */
  readonly label: string;
}

/** Every bar leads to its run, and says in words what it shows. */
export const HistoryStrip = ({ runs, visit, label }: StripProps) =>
  runs.length === 0 ? null : (
    <figure>
      <Drawing runs={runs.slice(0, WIDE)} visit={visit} label={label} name="on-wide" />
      <Drawing runs={runs.slice(0, NARROW)} visit={visit} label={label} name="on-narrow" />
      <figcaption>
        {label}: the newest on the right, the longer the higher. Failed ones wear a point, those that ran out of time a
        bar; hollow ones were cancelled or still live, rings never ran.
      </figcaption>
    </figure>
  );

const Drawing = ({ runs, visit, label, name }: StripProps & { readonly name: string }) => {
  const longest = longestDuration(runs.map(timed));
  const [width, height] = [runs.length * STEP, TOP + HEIGHT];
  return (
    <svg class={`strip ${name}`} viewBox={`0 0 ${width} ${height}`} width={width} height={height}>
      <title>{`${label}, oldest first`}</title>
      {[...runs].reverse().map((run, place) => (
        <a href={runPath(visit, run.id)} aria-label={sayRun(run, visit.zone)} data-key={run.id}>
          <title>{sayRun(run, visit.zone)}</title>
          <rect class="room" x={place * STEP} y={0} width={STEP} height={height} />
          <Bar run={run} x={place * STEP + (STEP - BAR) / 2} longest={longest} />
        </a>
      ))}
    </svg>
  );
};

interface BarProps {
  readonly run: RunAnswer;
  readonly x: number;
  readonly longest: number;
}

const Bar = ({ run: { status, duration_ms }, x, longest }: BarProps) => {
  const bottom = TOP + HEIGHT;
  const middle = x + BAR / 2;
  if (status === "skipped" || status === "missed")
    return <circle class={`${status} hollow`} cx={middle} cy={bottom - 6} r={4} />;
  const height = Math.round(HEIGHT * barShare(duration_ms ?? 0, longest));
  const top = bottom - height;
  const isHollow = status !== "succeeded" && status !== "failed" && status !== "timed_out";
  return (
    <>
      <rect class={isHollow ? `${status} hollow` : status} x={x} y={top} width={BAR} height={height} rx={1.5} />
      {status === "failed" ? (
        <path class="failed" d={`M${x} ${top - 2}L${middle} ${top - 9}L${x + BAR} ${top - 2}Z`} />
      ) : null}
      {status === "timed_out" ? <rect class="timed_out" x={x - 1.5} y={top - 6} width={BAR + 3} height={3.5} /> : null}
    </>
  );
};

/** A run as the pure pictures of durations look at it. */
export const timed = ({ status, duration_ms: duration }: RunAnswer) => ({ status, duration });

/** `failed, 15 Jan 2027, 10:30 Europe/Berlin (09:30 UTC), took 4 s, retry 1`. */
export const sayRun = ({ status, scheduled_for, duration_ms, attempt, count }: RunAnswer, zone: string): string =>
  [
    count > 1 ? `${STATUS_NAMES[status]}, ${count} occurrences up to` : STATUS_NAMES[status],
    sayMoment(scheduled_for, zone),
    ...(duration_ms === null ? [] : [`took ${lengthOf(duration_ms)}`]),
    ...(attempt === 0 ? [] : [`retry ${attempt}`]),
  ].join(", ");

/** The latest runs of something, as marks of a status each that lead to them; the newest on the right. */
export const LatestRuns = ({ runs, visit }: Pick<StripProps, "runs" | "visit">) => (
  <span class="dots">
    {[...runs].reverse().map((run) => (
      <a class={`dot ${run.status}`} href={runPath(visit, run.id)} title={sayRun(run, visit.zone)}>
        <span class="unseen">{sayRun(run, visit.zone)}</span>
      </a>
    ))}
  </span>
);
