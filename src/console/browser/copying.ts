/** Buttons that copy a text: `data-copy` leads to the element that holds it. */
import { type Milliseconds, SECOND_MS } from "../../domain/time/instant.ts";
import { later } from "./clock.ts";
import { around } from "./elements.ts";

const SAID_FOR_MS: Milliseconds = 2 * SECOND_MS;
const COPIED = "Copied";

export function startCopying(): void {
  const said = document.createElement("p");
  said.className = "unseen";
  said.setAttribute("role", "status");
  document.body.append(said);
  document.addEventListener("click", ({ target }) => {
    const button = around(target, "button[data-copy]");
    const source = button === null ? null : document.querySelector(button.dataset.copy ?? "");
    if (button !== null && source !== null) void copy(source, button, said);
  });
}

async function copy(source: Element, button: HTMLElement, said: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(source.textContent ?? "");
  } catch {
    // Not allowed, or not there without https: one key is left to be pressed.
    return getSelection()?.selectAllChildren(source);
  }
  if (button.textContent === COPIED) return;
  const label = button.textContent;
  const say = (onButton: string | null, aloud: string) => {
    button.textContent = onButton;
    said.textContent = aloud;
  };
  say(COPIED, COPIED);
  later(SAID_FOR_MS, () => say(label, ""));
}
