/** The WebSocket on which a project says that something has changed. It comes back whenever it is lost. */
import { type Milliseconds, SECOND_MS } from "../../domain/time/instant.ts";
import { backoff } from "./backoff.ts";
import { chance, later } from "./clock.ts";

/** The server wants to see once more whether we may listen. */
const ASK_AGAIN = 4001;
const IS_GONE = 4004;
const OF_OURS: readonly number[] = [ASK_AGAIN, IS_GONE];
/** As if the network had closed it. */
const LOST = 1006;
/** What is silent for longer may be dead, and no side would know. */
const PING_EVERY_MS: Milliseconds = 30 * SECOND_MS;

interface Heard {
  /** Of a change. */
  readonly changed: () => void;
  /** That the socket is there, or is not there. */
  readonly turned: (isOpen: boolean) => void;
}

export class ProjectSocket {
  readonly #address: string;
  readonly #heard: Heard;
  #socket: WebSocket | null = null;
  #failures = 0;
  #callOff = () => {};

  constructor(project: string, heard: Heard) {
    this.#address = `/v1/projects/${encodeURIComponent(project)}/live`;
    this.#heard = heard;
  }

  get isOpen(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Opens it, unless it is there or on its way. */
  open(): void {
    if (this.#socket !== null) return;
    this.#callOff();
    // Browsers of some years ago read no other address here.
    const socket = new WebSocket(new URL(this.#address, location.href.replace(/^http/, "ws")));
    this.#socket = socket;
    socket.onopen = () => {
      this.#failures = 0;
      this.#heard.turned(true);
      this.#ping(socket);
    };
    socket.onmessage = ({ data }) => {
      if (data !== "pong") this.#heard.changed();
    };
    socket.onclose = ({ code }) => this.#closed(socket, code);
  }

  /** Until it is opened again. */
  close(): void {
    this.#callOff();
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    this.#heard.turned(false);
  }

  #closed(socket: WebSocket, code: number): void {
    if (socket !== this.#socket) return;
    this.#callOff();
    this.#socket = null;
    // Closed in place of the news of a change.
    if (OF_OURS.includes(code)) this.#heard.changed();
    if (code === ASK_AGAIN) this.open();
    else this.#comeBack();
  }

  #comeBack(): void {
    this.#heard.turned(false);
    this.#callOff = later(backoff(this.#failures, chance()), () => this.open());
    this.#failures += 1;
  }

  #ping(socket: WebSocket): void {
    let answered = true;
    socket.addEventListener("message", () => {
      answered = true;
    });
    const beat = () => {
      if (!answered) {
        socket.close();
        return this.#closed(socket, LOST);
      }
      answered = false;
      socket.send("ping");
      this.#callOff = later(PING_EVERY_MS, beat);
    };
    this.#callOff = later(PING_EVERY_MS, beat);
  }
}
