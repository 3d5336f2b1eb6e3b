/**
 * Regions that follow what happens: `data-live` with an id. Of the page as it is now, the children of each take the place of the
 * old ones, where they differ; whoever is at work in one keeps their place in it.
 */
import { SECOND_MS } from "../../domain/time/instant.ts";
import { later } from "./clock.ts";
import { all, hasFocusedField, isChanged } from "./elements.ts";
import { sayTimes } from "./relative-times.ts";

const REGIONS = "[data-live][id]";
/** As long as the style lets them fade. */
const FRESH_FOR_MS = 3 * SECOND_MS;

/** What the server sent last for each, since the page itself changes: times, what is opened, what is copied. */
const seen = new Map<string, string>();

/** Whether a region was left as it is, since somebody typed in it. */
let isBehind = false;

export const areRegionsBehind = (): boolean => isBehind;

export const hasRegions = (): boolean => document.querySelector(REGIONS) !== null;

/** Before anything changes the page. */
export function noteRegions(): void {
  for (const region of all(REGIONS)) seen.set(region.id, markupOf(region));
}

/** Shows the page as it is now. What somebody is typing in is left as it is. */
export function showRegions(page: Document): void {
  isBehind = false;
  for (const region of all(REGIONS)) {
    const next = page.getElementById(region.id);
    const markup = next && markupOf(next);
    if (next === null || markup === null || markup === seen.get(region.id)) continue;
    if (hasFocusedField(region) || isChanged(region)) {
      isBehind = true;
      continue;
    }
    seen.set(region.id, markup);
    replaceChildren(region, next);
  }
  // In place, so that it is read out: what is new in the tree as a whole is not.
  for (const said of all("[data-live-said][id]")) {
    const text = page.getElementById(said.id)?.textContent;
    if (typeof text === "string" && text !== said.textContent) said.textContent = text;
  }
  sayTimes();
}

/** How long ago something was is no change, nor what makes a form of its own of each that is drawn. */
function markupOf(region: Element): string {
  const copy = document.importNode(region, true);
  for (const time of all("time[data-relative]", copy)) time.textContent = "";
  for (const once of all('input[name="once"]', copy)) once.removeAttribute("value");
  return copy.innerHTML;
}

function replaceChildren(region: HTMLElement, next: HTMLElement): void {
  const keys = new Set(all("[data-key]", region).map(({ dataset }) => dataset.key));
  const opened = all("details[open][id]", region).map(({ id }) => id);
  const scrolled = [region, ...all("[id]", region)]
    .filter(({ scrollTop, scrollLeft }) => scrollTop > 0 || scrollLeft > 0)
    .map(({ id, scrollTop, scrollLeft }) => ({ id, scrollTop, scrollLeft }));
  const focus = focusIn(region);
  const { scrollX, scrollY } = window;
  const read = rowBeingRead(region);
  region.replaceChildren(...document.importNode(next, true).childNodes);
  for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
  for (const { id, ...position } of scrolled) Object.assign(document.getElementById(id) ?? {}, position);
  if (focus !== null) region.querySelector<HTMLElement>(focus)?.focus({ preventScroll: true });
  window.scrollTo({ left: scrollX, top: topOf(region, read) ?? scrollY, behavior: "instant" });
  markFresh(all("[data-key]", region).filter(({ dataset }) => !keys.has(dataset.key)));
}

/** A row, and how far below the top of the window it stands. */
interface Place {
  readonly key: string | undefined;
  readonly top: number;
}

/** The first row that is seen whole, where somebody has scrolled to it; null: they read from the top. */
function rowBeingRead(region: HTMLElement): Place | null {
  if (window.scrollY === 0) return null;
  const row = all("[data-key]", region).find((one) => one.getBoundingClientRect().top >= 0);
  return row === undefined ? null : { key: row.dataset.key, top: row.getBoundingClientRect().top };
}

/** How far to scroll for that row to stand where it stood, whatever came above it; null: it is not there to go by. */
function topOf(region: HTMLElement, read: Place | null): number | null {
  const row = all("[data-key]", region).find(({ dataset }) => dataset.key === read?.key);
  return row === undefined || read === null ? null : window.scrollY + row.getBoundingClientRect().top - read.top;
}

/** Leads to what has the focus in the region, once it is drawn anew; null: nothing has. */
function focusIn(region: Element): string | null {
  const { activeElement: focused } = document;
  if (focused === null || focused === region || !region.contains(focused)) return null;
  if (focused.id !== "") return `#${CSS.escape(focused.id)}`;
  const key = focused.closest("[data-key]")?.getAttribute("data-key") ?? null;
  const row = key === null ? "" : `[data-key="${CSS.escape(key)}"] `;
  const marks = ["href", "name", "value"].flatMap((name) => {
    const value = focused.getAttribute(name);
    return value === null ? [] : [`[${name}="${CSS.escape(value)}"]`];
  });
  return row === "" && marks.length === 0 ? null : `${row}${focused.localName}${marks.join("")}`;
}

function markFresh(rows: readonly HTMLElement[]): void {
  for (const row of rows) row.classList.add("fresh");
  later(FRESH_FOR_MS, () => {
    for (const row of rows) row.classList.remove("fresh");
  });
}
