/**
 * Keeps the page's regions as they are on the server: told by the project's socket, or else by asking. Nothing is asked while
 * nobody looks.
 */
import { type Milliseconds, SECOND_MS } from "../../domain/time/instant.ts";
import { later } from "./clock.ts";
import { Looking } from "./looking.ts";
import { ProjectSocket } from "./project-socket.ts";
import { areRegionsBehind, hasRegions, noteRegions } from "./regions.ts";

const BEAT_MS: Milliseconds = 5 * SECOND_MS;
/** So many beats apart it is looked at what nothing is expected of. */
const SELDOM_BEATS = 6;

const GONE = "This page is not to be had any more as it was: you may have been signed out, or what it shows is gone. ";

export function startLive(): void {
  if (!hasRegions()) return;
  noteRegions();
  const { liveProject } = document.body.dataset;
  const looking = new Looking(() => end());
  const socket =
    liveProject === undefined
      ? null
      : new ProjectSocket(liveProject, { changed: () => look(), turned: (isOpen) => turned(isOpen) });
  let [beats, isOver] = [0, false];

  const look = () => {
    if (!document.hidden) looking.soon();
  };
  const turned = (isOpen: boolean) => {
    // The first time too: something may have changed since the page was drawn.
    if (isOpen) look();
    sayState(isOver, isOpen);
  };
  const end = () => {
    isOver = true;
    socket?.close();
    sayState(isOver, false);
    sayGone();
  };
  const beat = () => {
    if (isOver) return;
    beats += 1;
    const isOpen = socket?.isOpen ?? false;
    if (isPending(isOpen ? '[data-pending="poll"]' : "[data-pending]") || (!isOpen && beats % SELDOM_BEATS === 0))
      look();
    sayState(isOver, isOpen);
    later(BEAT_MS, beat);
  };
  const wake = () => {
    if (document.hidden || isOver) return;
    socket?.open();
    look();
  };

  document.addEventListener("visibilitychange", wake);
  document.addEventListener("focusout", () => {
    if (areRegionsBehind()) look();
  });
  // A page with an open socket is not kept for the way back.
  addEventListener("pagehide", () => socket?.close());
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) wake();
  });
  sayState(isOver, false);
  if (!document.hidden) socket?.open();
  later(BEAT_MS, beat);
}

const isPending = (selector: string): boolean => document.querySelector(selector) !== null;

function sayState(isOver: boolean, isOpen: boolean): void {
  const state = document.getElementById("live-state");
  if (state === null) return;
  const every = (isPending("[data-pending]") ? 1 : SELDOM_BEATS) * (BEAT_MS / SECOND_MS);
  const text = isOver ? "Not live" : isOpen ? "Live" : `Checking every ${every} seconds`;
  if (state.textContent !== text) state.textContent = text;
}

function sayGone(): void {
  const notice = document.getElementById("live-notice");
  if (notice === null) return;
  const again = document.createElement("a");
  again.href = location.href;
  again.textContent = "Load it again";
  notice.replaceChildren(GONE, again, ".");
  notice.hidden = false;
}
