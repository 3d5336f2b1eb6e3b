/** Keeps what `time[data-relative]` says beside the present, by the server's own rule. */
import { type Milliseconds, SECOND_MS } from "../../domain/time/instant.ts";
import { relativeTo } from "../../domain/time/relative.ts";
import { later, now } from "./clock.ts";
import { all } from "./elements.ts";

const EVERY_MS: Milliseconds = 20 * SECOND_MS;

export function startTimes(): void {
  sayTimes();
  later(EVERY_MS, startTimes);
}

export function sayTimes(): void {
  const at = now();
  for (const time of all("time[data-relative][datetime]")) {
    const text = relativeTo(at, Date.parse(time.getAttribute("datetime") ?? ""));
    if (text !== null && text !== time.textContent) time.textContent = text;
  }
}
