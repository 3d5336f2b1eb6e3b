/** One block of a section: the part of the app that draws each kind. */
import { raw } from "hono/html";
import type { PropsWithChildren } from "hono/jsx";
import type { Block, HtmlBlock, MetricBlock, TableBlock, ValueBlock } from "../domain/blocks/block.ts";
import { unreachable } from "../domain/result.ts";
import { Chart } from "./chart/chart.tsx";
import { renderMarkdown } from "./markdown.ts";
import { Notes } from "./notes.tsx";
import { bigNumber } from "./numbers.ts";
import { Table } from "./table.tsx";

interface Drawn<Kind extends Block> {
  readonly block: Kind;
  /** For those who hear the page, where the block has no title. */
  readonly name: string;
  /** Unique on the page. */
  readonly id: string;
}

/** One block. A fault in drawing it is ours: it is noted, and the rest of the page is shown all the same. */
export const BlockView = ({ block, name, id }: Drawn<Block>) => {
  try {
    return raw(String(<Drawing block={block} name={name} id={id} />));
  } catch (thrown) {
    console.error({ event: "block_not_drawn", kind: block.kind, cause: String(thrown) });
    return <p class="notice warn">{`This ${block.kind} block could not be drawn.`}</p>;
  }
};

const Drawing = ({ block, name, id }: Drawn<Block>) => {
  switch (block.kind) {
    case "text":
      return (
        <Titled block={block}>
          <p class="plain" dir="auto">
            {block.text}
          </p>
        </Titled>
      );
    case "markdown":
      return (
        <Titled block={block}>
          <div class="prose" dir="auto">
            {raw(renderMarkdown(block.text))}
          </div>
        </Titled>
      );
    case "table":
      return <TableView block={block} name={name} id={id} />;
    case "metric":
      return <MetricRow metrics={[block]} />;
    case "chart":
      return <Chart block={block} name={name} id={id} />;
    case "html":
      return <HtmlView block={block} name={name} id={id} />;
    case "value":
      return <ValueView block={block} name={name} id={id} />;
    default:
      return unreachable(block);
  }
};

/** The title above a block and the notes below it. */
const Titled = ({ block, children }: PropsWithChildren<{ readonly block: Block }>) => (
  <div class={`block ${block.kind}`}>
    {block.title === undefined ? null : <h3>{block.title}</h3>}
    {children}
    <Notes notes={block.notes} />
  </div>
);

const TableView = ({ block, name }: Drawn<TableBlock>) => {
  const { columns, rows, title } = block;
  return (
    <Titled block={block}>
      {rows.length === 0 ? (
        <p class="note">The table has no rows.</p>
      ) : (
        <Table caption={title ?? name} isCaptionShown={false} columns={columns} rows={rows} />
      )}
    </Titled>
  );
};

/** Metrics that follow each other stand side by side. */
export const MetricRow = ({ metrics }: { readonly metrics: readonly MetricBlock[] }) => (
  <dl class="metrics">
    {metrics.map((metric) => (
      <div>
        <dt>{metric.title === undefined ? metric.label : `${metric.title}: ${metric.label}`}</dt>
        <dd class="figure">
          {typeof metric.value === "number" ? bigNumber(metric.value) : (metric.value ?? "–")}
          {metric.unit === undefined ? null : <span class="unit"> {metric.unit}</span>}
        </dd>
        {metric.change === undefined ? null : <dd class="change">{changeOf(metric.change)}</dd>}
        {metric.note === undefined ? null : <dd class="note">{metric.note}</dd>}
        {metric.notes.map((note) => (
          <dd class="note">{note}</dd>
        ))}
      </div>
    ))}
  </dl>
);

/** In words: an arrow or a colour alone is not seen by everybody, and up is not always good. */
function changeOf(change: string | number) {
  if (typeof change === "string") return change;
  if (change === 0) return "unchanged";
  return (
    <>
      <span class="arrow" aria-hidden="true">
        {change > 0 ? "▲" : "▼"}
      </span>{" "}
      {`${change > 0 ? "up" : "down"} ${bigNumber(Math.abs(change))}%`}
    </>
  );
}

/**
 * The author's HTML in a frame of no origin that may do nothing: no scripts, no forms, no way out to the page. It inherits
 * the page's policy, so it loads styles of its own and pictures by https, and nothing else.
 */
const HtmlView = ({ block, name }: Drawn<HtmlBlock>) => (
  <Titled block={block}>
    <iframe sandbox="" title={block.title ?? name} srcdoc={block.html} style={`height:${block.height}px`} />
  </Titled>
);

const ValueView = ({ block, name }: Drawn<ValueBlock>) => (
  <Titled block={block}>
    {block.trouble === undefined ? null : <TroubleView trouble={block.trouble} />}
    {block.form === "nothing" ? <p class="note">Nothing was returned.</p> : null}
    {block.form === "plain" && block.text === "" ? <p class="note">An empty text was returned.</p> : null}
    {block.form === "plain" ? (
      <p class="plain" dir="auto">
        {block.text}
      </p>
    ) : null}
    {block.form === "json" ? (
      <section class="scroll" tabindex={0} aria-label={name}>
        <pre>
          <code>{block.text}</code>
        </pre>
      </section>
    ) : null}
  </Titled>
);

const TroubleView = ({ trouble }: { readonly trouble: NonNullable<ValueBlock["trouble"]> }) => (
  <p class="notice warn">
    {"This cannot be shown as the block that it says it is. At "}
    <code>{trouble.path === "" ? "/" : trouble.path}</code>
    {`: ${trouble.message}`}
    {trouble.expected === undefined ? null : ` Expected: ${trouble.expected}.`}
  </p>
);
