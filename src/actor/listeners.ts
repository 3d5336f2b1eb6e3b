/**
 * Who listens to the project: pages that somebody looks at, each with a WebSocket that outlives the instance (hibernation). They
 * are told that something has changed and not what is there now: for that they ask, as whoever they are.
 */
import { type Instant, MINUTE_MS, type Milliseconds } from "../domain/time/instant.ts";
import { type Changed, together } from "./changes.ts";

/** What the platform gives to hold sockets with. */
export type Sockets = Pick<DurableObjectState, "acceptWebSocket" | "getWebSockets" | "setWebSocketAutoResponse">;

const LISTENERS_MAX = 200;
/** Of one credential: nobody takes the places of all others. */
const LISTENERS_OF_ONE_MAX = 20;
/** What several turns change in a row is one message to each listener. */
const GATHERING_MS: Milliseconds = 250;
/** Then it asks again, and is told no more if it may not look any more. */
const LISTENS_FOR_MS: Milliseconds = 5 * MINUTE_MS;

/** Codes of WebSocket closes (RFC 6455 section 7.4): one of its own, and two of ours. */
const NOT_READ = [1003, "Nothing but a ping is read here"] as const;
const ASK_AGAIN = [4001, "ask again"] as const;
const IS_GONE = [4004, "The project is gone"] as const;

export class Listeners {
  readonly #sockets: Sockets;
  readonly #now: () => Instant;
  #gathered: Changed | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(sockets: Sockets, now: () => Instant) {
    this.#sockets = sockets;
    this.#now = now;
  }

  /** Takes another one: the answer to its request. The caller has seen that it may listen, and says by which credential. */
  take(credential: string): Response {
    const sockets = this.#open();
    if (sockets.length >= LISTENERS_MAX || this.#open(credential).length >= LISTENERS_OF_ONE_MAX) {
      // Where nothing changes, those whose time is up have not been told so. The next to ask has their place.
      for (const socket of sockets) if (listensUntil(socket) <= this.#now()) closeWith(socket, ASK_AGAIN);
      return new Response(null, { status: 503 });
    }
    const { 0: theirs, 1: ours } = new WebSocketPair();
    // Answered by the platform: a ping wakes nobody.
    this.#sockets.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
    this.#sockets.acceptWebSocket(ours, [credential]);
    ours.serializeAttachment(this.#now() + LISTENS_FOR_MS);
    return new Response(null, { status: 101, webSocket: theirs });
  }

  /** Without any it costs nothing: no timer keeps the project awake. */
  tell(changed: Changed): void {
    if (this.#open().length === 0) return;
    this.#gathered = this.#gathered === null ? changed : together(this.#gathered, changed);
    this.#timer ??= setTimeout(() => this.#send(), GATHERING_MS);
  }

  /** What was written arrives before the news of it: the platform holds messages back until then. */
  #send(): void {
    const gathered = this.#gathered;
    this.#forget();
    if (gathered === null) return;
    const [message, now] = [messageOf(gathered), this.#now()];
    for (const socket of this.#open()) {
      if (listensUntil(socket) > now) attempt(() => socket.send(message));
      else closeWith(socket, ASK_AGAIN);
    }
  }

  #forget(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#gathered = null;
  }

  /** One of them has sent something. */
  refuse(socket: WebSocket): void {
    closeWith(socket, NOT_READ);
  }

  close(): void {
    this.#forget();
    for (const socket of this.#open()) closeWith(socket, IS_GONE);
  }

  /** The platform also names those that were told to close and never answered: a client that vanished keeps no place. */
  #open(credential?: string): readonly WebSocket[] {
    return this.#sockets
      .getWebSockets(credential)
      .filter(({ readyState }) => readyState === WebSocket.READY_STATE_OPEN);
  }
}

/** Ids alone: whoever listens may have lost their access up to five minutes ago. */
function messageOf({ runs, isMore, schedules }: Changed): string {
  return JSON.stringify({
    runs,
    ...(isMore ? { more: true } : {}),
    ...(schedules ? { schedules: true } : {}),
  });
}

/** What `take` wrote; of anything else, that it is over. */
function listensUntil(socket: WebSocket): Instant {
  const until: unknown = socket.deserializeAttachment();
  return typeof until === "number" ? until : 0;
}

const closeWith = (socket: WebSocket, [code, reason]: readonly [number, string]): void =>
  attempt(() => socket.close(code, reason));

/** A socket that is closed already throws, which is nothing to whoever wrote something. */
function attempt(act: () => void): void {
  try {
    act();
  } catch (cause) {
    console.warn({ event: "listener_not_told", cause: String(cause) });
  }
}
