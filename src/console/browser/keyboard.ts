/** Keys for whoever would rather not reach for the mouse. The box `#keys` lists them. */
import { type Milliseconds, SECOND_MS } from "../../domain/time/instant.ts";
import { later } from "./clock.ts";
import { all, isTypedIn, openDialog } from "./elements.ts";

/** How long `g` waits for its letter. */
const LETTER_WITHIN_MS: Milliseconds = 1.5 * SECOND_MS;

let isGoing = false;
let callOff = () => {};

export function startKeyboard(): void {
  document.addEventListener("keydown", (event) => {
    const { key, target, ctrlKey, metaKey, altKey, isComposing, defaultPrevented } = event;
    if (ctrlKey || metaKey || altKey || isComposing || defaultPrevented) return;
    if (document.documentElement.dataset.keys === "off") return;
    if (isTypedIn(target)) return key === "Escape" ? target.blur() : undefined;
    // A dialog has keys of its own.
    if (document.querySelector("dialog[open]") === null && press(key)) event.preventDefault();
  });
}

/** Whether the key means something. */
function press(key: string): boolean {
  callOff();
  if (isGoing) {
    isGoing = false;
    return follow(`[data-go="${CSS.escape(key)}"]`);
  }
  switch (key) {
    case "/":
      return focus(document.querySelector<HTMLElement>("[data-filter]"));
    case "?":
      openDialog("#keys");
      return true;
    case "g":
      isGoing = true;
      callOff = later(LETTER_WITHIN_MS, () => {
        isGoing = false;
      });
      return true;
    case "n":
      return follow("[data-new]");
    case "j":
      return move(1);
    case "k":
      return move(-1);
    default:
      return false;
  }
}

function follow(selector: string): boolean {
  const way = document.querySelector<HTMLElement>(selector);
  way?.click();
  return way !== null;
}

function focus(element: HTMLElement | null | undefined): boolean {
  element?.focus();
  return element !== null && element !== undefined;
}

/** From one row to the next, by the first link of each. */
function move(by: 1 | -1): boolean {
  const rows = all("[data-row]");
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const next = here < 0 ? (by > 0 ? 0 : rows.length - 1) : here + by;
  return focus(rows[next]?.querySelector<HTMLElement>("a"));
}
