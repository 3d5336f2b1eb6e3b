/**
 * What the app can show: the shapes that a function returns, read and made whole. Types only; pure. A block says in `notes`
 * what of it is not shown, so that nobody takes a part for all of it.
 */
import type { InputIssue } from "../errors.ts";
import type { Json } from "../json.ts";

/** The kinds of blocks that functions write. */
export const BLOCK_KINDS = ["text", "markdown", "table", "metric", "chart", "html"] as const;
export type BlockKind = (typeof BLOCK_KINDS)[number];

export const COLUMN_ALIGNMENTS = ["left", "right", "center"] as const;
export type ColumnAlignment = (typeof COLUMN_ALIGNMENTS)[number];

export const CHART_TYPES = ["line", "bar", "area", "scatter"] as const;
export type ChartType = (typeof CHART_TYPES)[number];

/** An object that came as JSON. */
export type Row = { readonly [key: string]: Json };

/** What every block has. */
interface Shown {
  readonly title?: string;
  /** What was left out, in words. */
  readonly notes: readonly string[];
}

export interface TextBlock extends Shown {
  readonly kind: "text";
  readonly text: string;
}

export interface MarkdownBlock extends Shown {
  readonly kind: "markdown";
  readonly text: string;
}

export interface TableColumn {
  readonly key: string;
  readonly label: string;
  readonly align: ColumnAlignment;
}

export interface TableBlock extends Shown {
  readonly kind: "table";
  readonly columns: readonly TableColumn[];
  readonly rows: readonly Row[];
}

export interface MetricBlock extends Shown {
  readonly kind: "metric";
  readonly label: string;
  readonly value: string | number | null;
  readonly unit?: string;
  /** A number is percent. */
  readonly change?: string | number;
  readonly note?: string;
}

export interface ChartBlock extends Shown {
  readonly kind: "chart";
  readonly type: ChartType;
  readonly x: string;
  readonly y: readonly string[];
  /** Only the fields that are drawn; of the series numbers, and null where one is missing. */
  readonly rows: readonly Row[];
  readonly unit?: string;
}

export interface HtmlBlock extends Shown {
  readonly kind: "html";
  readonly html: string;
  /** In CSS pixels. */
  readonly height: number;
}

/** Whatever is no block: shown as JSON, and a text or number plainly. */
export interface ValueBlock extends Shown {
  readonly kind: "value";
  readonly text: string;
  readonly form: "nothing" | "plain" | "json";
  /** What kept it from being the block that it says it is. */
  readonly trouble?: InputIssue;
}

export type Block = TextBlock | MarkdownBlock | TableBlock | MetricBlock | ChartBlock | HtmlBlock | ValueBlock;

/** A field of a row. A row may name its fields as it likes, so also like what every object inherits. */
export const fieldOf = (row: Row, key: string): Json | undefined => (Object.hasOwn(row, key) ? row[key] : undefined);
