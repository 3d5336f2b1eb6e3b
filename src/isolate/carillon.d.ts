/** The authoring module of code functions. See docs/code-functions.md. */

/** Any value that JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export interface Retry {
  /** Tries after the first one, 1 to 10. */
  readonly attempts: number;
  /** Milliseconds between them; 1,000 by default. */
  readonly delay?: number;
  readonly backoff?: "fixed" | "exponential";
}

/** A rule on a schedule: of which runs who hears, and with what picture. See docs/notifications.md. */
export interface Notification {
  /** `success` by default. */
  readonly on?: "success" | "failure" | "both";
  /** Which failures: after the last attempt alone, which is the default, or after every one. */
  readonly attempts?: "last" | "every";
  /** What is taken of the app when a run went well; `none` by default. */
  readonly capture?: "none" | "png" | "pdf";
  /** Ids of members. */
  readonly users?: readonly string[];
  /** Ids of groups. */
  readonly groups?: readonly string[];
  /** Slack's ids of channels, such as `C0123456789`. */
  readonly slack_channels?: readonly string[];
  /** Ids of webhook endpoints. */
  readonly webhooks?: readonly string[];
  /** One line, in place of what is said by itself. */
  readonly subject?: string;
  /** A text of your own above what is told. */
  readonly body?: string;
}

/** What a function says about itself. Every field is optional. */
export interface Meta {
  /** Its name; by default the export's in kebab-case: `dailyReport` is `daily-report`. */
  readonly name?: string;
  /** A recurring expression: `every day at 9am`, `0 9 * * *`. */
  readonly schedule?: string;
  /** An IANA time zone; by default the project's. */
  readonly timezone?: string;
  readonly retry?: number | Retry;
  /** Milliseconds, or a duration such as `10 minutes`; 5 minutes by default. */
  readonly timeout?: number | string;
  /** Who hears of the runs of its schedule, and what is taken of the app when one went well. */
  readonly notifications?: readonly Notification[];
  /** `run`, the default: a fresh isolate for every run. `version`: a warm one, whose memory later runs may find again. */
  readonly isolate?: "run" | "version";
}

/** What `run.schedules.create` takes: a schedule as the API takes it. */
export interface NewSchedule {
  /** An instant, a duration, English or cron. */
  readonly schedule: string;
  /** Absent: the whole project. */
  readonly fn?: string;
  readonly args?: Json;
  readonly timezone?: string;
  readonly retry?: number | Retry;
  /** The same key again changes the schedule instead of making another. */
  readonly key?: string;
  readonly overlap?: "skip" | "buffer_one" | "buffer_all" | "cancel_other" | "allow_all";
  readonly catchup?: "latest" | "all" | "none";
  readonly catchup_window?: number | string;
  readonly dst?: { readonly gap?: "run_after" | "skip"; readonly fold?: "first" | "last" | "both" };
  readonly spread?: number | string;
  readonly starts_at?: string;
  readonly ends_at?: string;
  readonly max_runs?: number;
  readonly timeout?: number | string;
  /** Who hears of its runs, and what is taken of the app when one went well. */
  readonly notifications?: readonly Notification[];
}

/** A schedule that is to be cancelled, in either spelling. */
export type ScheduleId = { readonly "schedule-id": string } | { readonly schedule_id: string };

/** The schedules of the function's own project. */
export interface Schedules {
  /** Makes a schedule and answers its id. */
  create(schedule: NewSchedule): Promise<string>;
  /** Cancels one; false when nothing was left to cancel. */
  cancel(id: string): Promise<boolean>;
  /** Cancels every schedule of a function; answers how many there were. */
  cancelAll(fn: string): Promise<number>;
}

/** One run, as its function sees it. */
export interface Run {
  readonly id: string;
  /** Null for a run that no schedule made. */
  readonly schedule_id: string | null;
  /** The nominal time, ISO 8601. */
  readonly scheduled_for: string;
  readonly context: "logic" | "app" | "scheduled" | "api-triggered";
  readonly scheduled: boolean;
  /** 0 for the first try. */
  readonly attempt: number;
  /** The first run of a chain of retries; null on that first run itself. */
  readonly origin_run_id: string | null;
  readonly version: number;
  readonly schedules: Schedules;
  /** Writes a line to the run's log, like `console.log`. */
  log(...values: readonly unknown[]): void;
  /** Sends an event of the project. A new schedule answers its id. */
  send(event: "hot:schedule:new", data: NewSchedule): Promise<string>;
  /** Whether there was one to cancel. */
  send(event: "hot:schedule:cancel", data: ScheduleId): Promise<boolean>;
  /** How many schedules the function had. */
  send(event: "hot:schedule:cancel", data: { readonly fn: string }): Promise<number>;
}

/** It gets the arguments of its run and the run, and what it returns is the output. */
export type CodeFunction<Args = Json, Value = unknown> = (args: Args, run: Run) => Value | Promise<Value>;

export function fn<Args = Json, Value = unknown>(work: CodeFunction<Args, Value>): CodeFunction<Args, Value>;
export function fn<Args = Json, Value = unknown>(
  meta: Meta,
  work: CodeFunction<Args, Value>,
): CodeFunction<Args, Value>;

export interface FailureOptions {
  /** `false`: never again. `{ after }`: not before so many milliseconds. Absent: as the retry policy says. */
  readonly retry?: false | { readonly after: number };
  readonly cause?: unknown;
}

/** Thrown or returned, it fails the run. */
export class Failure extends Error {
  constructor(message: string, options?: FailureOptions);
  readonly retry?: FailureOptions["retry"];
}

export type Row = Readonly<Record<string, Json>>;

export interface TextBlock {
  readonly kind: "text";
  readonly text: string;
  readonly title?: string;
}
export function text(content: string, options?: Pick<TextBlock, "title">): TextBlock;

export interface MarkdownBlock {
  readonly kind: "markdown";
  readonly text: string;
  readonly title?: string;
}
export function markdown(content: string, options?: Pick<MarkdownBlock, "title">): MarkdownBlock;

export interface Column {
  readonly key: string;
  readonly label?: string;
  readonly align?: "left" | "right" | "center";
}
export interface TableBlock {
  readonly kind: "table";
  readonly rows: readonly Row[];
  readonly columns?: readonly (string | Column)[];
  readonly title?: string;
}
export function table(rows: readonly Row[], options?: Pick<TableBlock, "columns" | "title">): TableBlock;

export interface MetricBlock {
  readonly kind: "metric";
  readonly label: string;
  /** Null while there is none. */
  readonly value: number | string | null;
  readonly unit?: string;
  /** A number is percent. */
  readonly change?: number | string;
  readonly note?: string;
  readonly title?: string;
}
export function metric(
  label: string,
  value: MetricBlock["value"],
  options?: Pick<MetricBlock, "unit" | "change" | "note" | "title">,
): MetricBlock;

export interface ChartBlock {
  readonly kind: "chart";
  readonly type: "line" | "bar" | "area" | "scatter";
  readonly rows: readonly Row[];
  /** The field of the horizontal axis. */
  readonly x: string;
  /** The field, or the fields, that are drawn. */
  readonly y: string | readonly string[];
  readonly title?: string;
  readonly unit?: string;
}
export function chart(
  type: ChartBlock["type"],
  rows: readonly Row[],
  options: Pick<ChartBlock, "x" | "y" | "title" | "unit">,
): ChartBlock;

export interface HtmlBlock {
  readonly kind: "html";
  readonly html: string;
  /** Pixels. */
  readonly height?: number;
  readonly title?: string;
}
export function html(content: string, options?: Pick<HtmlBlock, "height" | "title">): HtmlBlock;

export type Block = TextBlock | MarkdownBlock | TableBlock | MetricBlock | ChartBlock | HtmlBlock;
