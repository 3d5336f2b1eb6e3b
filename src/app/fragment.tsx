/** The part of the page that changes while a run goes on: which state it is, what there is to know, and every section. */
import type { PropsWithChildren } from "hono/jsx";
import type { AppNotice, AppSection, AppView } from "../domain/app-view.ts";
import type { Block, MetricBlock } from "../domain/blocks/block.ts";
import { lengthOf } from "../domain/time/saying.ts";
import { BlockView, MetricRow } from "./block.tsx";
import { Moment } from "./moment.tsx";
import { headingOf } from "./naming.ts";

export const Fragment = ({ view }: { readonly view: AppView }) => (
  <>
    <StateLine view={view} />
    {view.notices.map((notice) => (
      <Notice notice={notice} />
    ))}
    {view.sections.map((section, index) => (
      <Section section={section} view={view} id={`s${index}`} />
    ))}
  </>
);

const STATE_NAMES: Readonly<Record<AppView["state"], string>> = {
  cached: "Latest output",
  historic: "One run",
  own: "Your own run",
  empty: "No output yet",
};

const StateLine = ({ view: { state, stamp, timezone, status } }: { readonly view: AppView }) => (
  <p class="state">
    <span class={`chip ${state}`}>{STATE_NAMES[state]}</span>
    {stamp === null ? null : (
      <>
        {status === null || status === "succeeded" ? null : <span class="chip">{status.replaceAll("_", " ")}</span>}
        <span>
          {"As of "}
          <Moment at={stamp.scheduledFor} timezone={timezone} />
        </span>
        {stamp.finishedAt === null ? null : (
          <span>{`finished ${lengthOf(stamp.finishedAt - stamp.scheduledFor)} later`}</span>
        )}
        <span>
          {"run "}
          <code>{stamp.run}</code>
        </span>
      </>
    )}
  </p>
);

export const Notice = ({ notice: { tone, text, detail } }: { readonly notice: AppNotice }) => (
  <div class={`notice ${tone}`}>
    <p>{text}</p>
    {detail === undefined ? null : (
      <details>
        <summary>Where it was thrown</summary>
        <pre>
          <code>{detail}</code>
        </pre>
      </details>
    )}
  </div>
);

interface SectionProps {
  readonly section: AppSection;
  readonly view: AppView;
  readonly id: string;
}

/** A section that another run left says so; of the others the line above has said it. */
const Section = ({ section: { fn, blocks, stamp }, view, id }: SectionProps) => {
  const name = headingOf(fn);
  return (
    <section class="sheet" aria-labelledby={`${id}-h`}>
      <h2 id={`${id}-h`}>{name}</h2>
      {stamp.run === view.stamp?.run || stamp.finishedAt === null ? null : (
        <p class="stamp">
          {"From a run of its own, until "}
          <Moment at={stamp.finishedAt} timezone={view.timezone} />
        </p>
      )}
      {blocks.length === 0 ? <Quiet>Nothing to show.</Quiet> : null}
      {inRows(blocks).map((row, index) =>
        Array.isArray(row) ? <MetricRow metrics={row} /> : <BlockView block={row} name={name} id={`${id}-${index}`} />,
      )}
    </section>
  );
};

const Quiet = ({ children }: PropsWithChildren) => <p class="note">{children}</p>;

/** Metrics that follow each other, together; every other block by itself. */
function inRows(blocks: readonly Block[]): readonly (MetricBlock[] | Exclude<Block, MetricBlock>)[] {
  const rows: (MetricBlock[] | Exclude<Block, MetricBlock>)[] = [];
  for (const block of blocks) {
    const last = rows.at(-1);
    if (block.kind !== "metric") rows.push(block);
    else if (Array.isArray(last)) last.push(block);
    else rows.push([block]);
  }
  return rows;
}
