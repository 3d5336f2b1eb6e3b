/** A visitor's own run as server-sent events (WHATWG HTML section 9.2): what is to be seen, whenever it has changed. */
import type { AppPages, AppView } from "../domain/app-view.ts";
import type { Failure } from "../domain/errors.ts";
import type { Result } from "../domain/result.ts";
import { type Instant, MINUTE_MS, type Milliseconds, SECOND_MS } from "../domain/time/instant.ts";
import { now } from "../system.ts";

/** The run that a stream tells of. */
export interface WatchedRun {
  readonly first: AppView;
  readonly look: () => Promise<Result<AppView, Failure>>;
  readonly pages: AppPages;
}

/** Looked at often after each change, and less and less often while nothing changes. */
const LOOK_MIN_MS: Milliseconds = 200;
const LOOK_MAX_MS: Milliseconds = SECOND_MS;
const LOOK_GROWTH = 1.5;
/** Proxies end what is silent for long. */
const HEARTBEAT_MS: Milliseconds = 15 * SECOND_MS;
/**
 * Then the stream ends without a word, and a browser that still looks takes up another one: at the door it is asked again
 * what the visitor may see.
 */
const STREAM_MAX_MS: Milliseconds = MINUTE_MS;

/** The stream; it stops looking when the client goes away. */
export function eventStream(watched: WatchedRun): ReadableStream<Uint8Array> {
  const client = { isGone: false };
  const events = eventsOf(watched, client);
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await events.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    cancel() {
      client.isGone = true;
    },
  });
}

async function* eventsOf(
  { first, look, pages }: WatchedRun,
  client: { readonly isGone: boolean },
): AsyncGenerator<string, void> {
  const [startedAt, shown] = [now(), new Shown(pages)];
  let [view, wait, spokeAt] = [first, LOOK_MIN_MS, startedAt];
  while (!client.isGone) {
    const news = shown.newsOf(view);
    if (news !== null) {
      yield eventText("state", news);
      [wait, spokeAt] = [LOOK_MIN_MS, now()];
    } else if (now() - spokeAt >= HEARTBEAT_MS) {
      yield ": still going\n\n";
      spokeAt = now();
    }
    if (!view.isPending) return yield eventText("end", { status: view.status });
    if (isOver(startedAt)) return;
    await scheduler.wait(wait);
    wait = Math.min(wait * LOOK_GROWTH, LOOK_MAX_MS);
    const next = await look();
    if (!next.ok) return;
    view = next.value;
  }
}

const isOver = (startedAt: Instant): boolean => now() - startedAt >= STREAM_MAX_MS;

/** What the other side has seen last. */
class Shown {
  readonly #pages: AppPages;
  #html = "";
  #said = "";

  constructor(pages: AppPages) {
    this.#pages = pages;
  }

  /** What is new in the view; null: nothing. */
  newsOf(view: AppView) {
    const [html, said] = [this.#pages.fragment(view), this.#pages.progress(view)];
    if (html === this.#html && said === this.#said) return null;
    const isSeen = html === this.#html;
    [this.#html, this.#said] = [html, said];
    return { run_id: view.stamp?.run ?? null, status: view.status, said, html: isSeen ? null : html };
  }
}

/** JSON has no line breaks of its own, so that one line holds it. */
const eventText = (event: string, data: object): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
