/** What a run leaves behind, as it comes in: what its functions return, and what they write to its log. */

import type { Json } from "../domain/json.ts";
import { LOG_LEVELS, type LogLine } from "../domain/run-output.ts";
import { type Instant, SECOND_MS, toIso } from "../domain/time/instant.ts";
import { beginningOf, fieldOf, textIn } from "./foreign.ts";
import { OUTPUT_MAX_BYTES } from "./http-function.ts";

export const LOG_LINES_MAX = 1_000;
/** Of all lines together, in characters. */
export const LOG_MAX_LENGTH = 65_536;
export const LINE_MAX_LENGTH = 8_192;
/** All outputs of one run together. */
export const ITEMS_MAX_LENGTH = 4 * OUTPUT_MAX_BYTES;
/** How far the clocks of host and isolate may be apart. */
const SKEW_MS = SECOND_MS;

export class Journal {
  /** Each as its JSON, which is written once and stored often. */
  readonly #items: string[] = [];
  readonly #lines: LogLine[] = [];
  readonly #now: () => Instant;
  readonly #onNews: () => void;
  readonly #begun: Instant;
  #itemsLength = 0;
  #logLength = 0;
  #truncated = false;

  constructor(now: () => Instant, onNews: () => void) {
    this.#now = now;
    this.#begun = now();
    this.#onNews = onNews;
  }

  get isEmpty(): boolean {
    return this.#items.length === 0 && this.#lines.length === 0;
  }

  /** Keeps what a function returned; false when the run has no room for it any more. */
  keep(fn: string, value: Json): boolean {
    const item = JSON.stringify({ fn, value });
    this.#itemsLength += item.length;
    if (this.#itemsLength > ITEMS_MAX_LENGTH) return false;
    this.#items.push(item);
    this.#onNews();
    return true;
  }

  /** Takes lines from an isolate, as far as they are lines and there is room; `fns`: those that may have written. */
  write(lines: readonly unknown[], isTruncated: boolean, fns: ReadonlySet<string>): void {
    for (const line of beginningOf(lines, LOG_LINES_MAX + 1)) this.#writeOne(line, fns);
    this.#truncated ||= isTruncated;
    if (lines.length > 0) this.#onNews();
  }

  #writeOne(line: unknown, fns: ReadonlySet<string>): void {
    const text = textIn(line, "text").slice(0, LINE_MAX_LENGTH);
    const fn = textIn(line, "fn");
    if (this.#truncated || !fns.has(fn)) return;
    this.#truncated = this.#lines.length >= LOG_LINES_MAX || this.#logLength + text.length > LOG_MAX_LENGTH;
    if (this.#truncated) return;
    this.#logLength += text.length;
    this.#lines.push({ at: this.#timeOf(line), fn, level: levelOf(line), text });
  }

  /** As the isolate says it, if that can be; while modules are loaded its clock stands at 1970. */
  #timeOf(line: unknown): string {
    const said = Date.parse(textIn(line, "at"));
    const now = this.#now();
    return toIso(said >= this.#begun - SKEW_MS && said <= now + SKEW_MS ? said : now);
  }

  /** The JSON of a `RunOutput`. */
  toJson(): string {
    const items = `"items":[${this.#items.join(",")}]`;
    if (this.#lines.length === 0 && !this.#truncated) return `{${items}}`;
    return `{${items},"log":${JSON.stringify({ lines: this.#lines, truncated: this.#truncated })}}`;
  }
}

const levelOf = (line: unknown): LogLine["level"] =>
  LOG_LEVELS.find((level) => level === fieldOf(line, "level")) ?? "log";
