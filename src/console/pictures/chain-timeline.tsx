/** The attempts of a chain beside each other in time: when each was queued, ran, and waited for the next. */
import { scaleLinear } from "d3-scale";
import { type Stretch, timelineOf } from "../../domain/chain-timeline.ts";
import type { Instant } from "../../domain/time/instant.ts";
import { lengthOf } from "../../domain/time/saying.ts";
import type { RunAnswer } from "../answers/run.ts";
import { STATUS_NAMES } from "../pieces/marks.tsx";

const FRAMES = [
  { name: "on-wide", width: 820 },
  { name: "on-narrow", width: 320 },
] as const;
const ROW = 28;
const BAR = 14;
const LABELS = 84;
const RIGHT = 10;
const FOOT = 20;
/** What took no time at all is still there to be seen. */
const LEAST_WIDTH = 3;

interface TimelineProps {
  /** The first attempt first. */
  readonly chain: readonly RunAnswer[];
  /** The one that the page is about. */
  readonly shown: string;
  readonly now: Instant;
}

export const ChainTimeline = ({ chain, shown, now }: TimelineProps) => {
  const timeline = timelineOf(chain.map(attemptOf), now);
  return (
    <figure>
      {FRAMES.map(({ name, width }) => {
        const x = scaleLinear()
          .domain([timeline.from, timeline.to])
          .range([LABELS, width - RIGHT]);
        const height = chain.length * ROW + FOOT;
        return (
          <svg class={name} viewBox={`0 0 ${width} ${height}`} role="img">
            <title>{inWords(chain, timeline)}</title>
            <path class="axis" d={`M${LABELS} 0V${height - FOOT}M${width - RIGHT} 0V${height - FOOT}`} />
            {chain.map((run, place) => (
              <Row
                run={run}
                stretches={timeline.rows[place] ?? []}
                y={place * ROW + ROW / 2}
                x={x}
                isShown={run.id === shown}
                right={width - RIGHT}
              />
            ))}
            <text x={LABELS} y={height - 6}>
              0
            </text>
            <text x={width - RIGHT} y={height - 6} text-anchor="end">
              {lengthOf(timeline.to - timeline.from)}
            </text>
          </svg>
        );
      })}
      <figcaption>
        From queueing to the end: a thin line is waiting for an executor, a bar is running, dots are the wait for the
        next attempt. The arrow marks the run of this page.
      </figcaption>
    </figure>
  );
};

const attemptOf = ({ status, queued_at, started_at, finished_at, retry_at }: RunAnswer) => ({
  status,
  queuedAt: queued_at,
  startedAt: started_at,
  finishedAt: finished_at,
  retryAt: retry_at,
});

/** What the picture says. */
const inWords = (chain: readonly RunAnswer[], { from, to }: { readonly from: Instant; readonly to: Instant }): string =>
  `${chain.length === 1 ? "One attempt" : `${chain.length} attempts`} over ${lengthOf(to - from)}: ${chain
    .map(({ attempt, status, duration_ms }) =>
      [
        `${attempt + 1} ${STATUS_NAMES[status]}`,
        ...(duration_ms === null ? [] : [`after ${lengthOf(duration_ms)}`]),
      ].join(" "),
    )
    .join(", ")}`;

interface RowProps {
  readonly run: RunAnswer;
  readonly stretches: readonly Stretch[];
  readonly y: number;
  readonly x: (at: Instant) => number;
  readonly isShown: boolean;
  /** Where the picture ends. */
  readonly right: number;
}

const Row = ({ run: { status, attempt }, stretches, y, x, isShown, right }: RowProps) => (
  <>
    <text x={LABELS - 10} y={y} dy="0.32em" text-anchor="end">
      {`${isShown ? "▸ " : ""}${attempt === 0 ? "First" : `↻${attempt}`}`}
    </text>
    {stretches.map(({ kind, from, to }) => {
      const width = px(Math.max(LEAST_WIDTH, x(to) - x(from)));
      const left = px(Math.min(x(from), right - width));
      if (kind === "running")
        return (
          <rect
            class={isSolid(status) ? status : `${status} hollow`}
            x={left}
            y={y - BAR / 2}
            width={width}
            height={BAR}
            rx={2}
          />
        );
      return <line class={kind === "queued" ? "queue" : "wait"} x1={left} x2={px(left + width)} y1={y} y2={y} />;
    })}
  </>
);

const isSolid = (status: RunAnswer["status"]): boolean =>
  status === "succeeded" || status === "failed" || status === "timed_out" || status === "pending_retry";

/** A tenth of a pixel is as fine as anybody sees. */
const px = (value: number): number => Math.round(value * 10) / 10;
