/** Forms: sent once, not left by mistake, and sent by a choice where a choice is all there is. */
import { type Milliseconds, SECOND_MS } from "../../domain/time/instant.ts";
import { later } from "./clock.ts";
import { all, around, isChanged, openDialog } from "./elements.ts";

/** A page that is still there by then was not left: the answer was a file, or there was none. */
const BUSY_AT_MOST_MS: Milliseconds = 10 * SECOND_MS;

/** The form that is being sent is left on purpose. */
let sent: EventTarget | null = null;

export function startForms(): void {
  document.addEventListener("submit", (event) => send(event));
  addEventListener("pageshow", () => restore());
  addEventListener("beforeunload", (event) => {
    const guarded = all("form[data-guard]").filter((form) => form !== sent);
    // What came back from the server with something wrong in it was typed, too.
    if (guarded.some((form) => form.dataset.guard === "changed" || isChanged(form))) event.preventDefault();
  });
  document.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLSelectElement && target.dataset.submit !== undefined) target.form?.requestSubmit();
  });
  document.addEventListener("click", ({ target }) => {
    const shows = around(target, "button[data-show]")?.dataset.show;
    if (shows !== undefined) openDialog(shows);
  });
}

function send(event: SubmitEvent): void {
  const { target: form, submitter } = event;
  if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return;
  // `form.method` may be a field of that name.
  if ((submitter?.getAttribute("formmethod") ?? form.getAttribute("method")) === "dialog") return;
  if (form.ariaBusy === "true") event.preventDefault();
  else busy(form);
}

function busy(form: HTMLFormElement): void {
  form.ariaBusy = "true";
  sent = form;
  // After this turn: a button that is disabled within it is not sent along.
  later(0, () => {
    for (const button of form.elements)
      if (button instanceof HTMLButtonElement && button.type === "submit" && !button.disabled) disable(button);
  });
  later(BUSY_AT_MOST_MS, restore);
}

function disable(button: HTMLButtonElement): void {
  button.disabled = true;
  button.dataset.sent = "";
}

/** Also of a page that a browser has kept for the way back. */
function restore(): void {
  sent = null;
  for (const form of all('form[aria-busy="true"]')) form.ariaBusy = null;
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-sent]")) {
    button.disabled = false;
    delete button.dataset.sent;
  }
}
