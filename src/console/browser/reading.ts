/** The reading of what is typed in a form: `data-reading` names the address that is asked, `#reading` shows what it answers. */
import type { Milliseconds } from "../../domain/time/instant.ts";
import { later } from "./clock.ts";
import { around } from "./elements.ts";
import { sayTimes } from "./relative-times.ts";

const TYPING_MS: Milliseconds = 250;

let callOff = () => {};
let asking = new AbortController();

export function startReading(): void {
  for (const event of ["input", "change"]) document.addEventListener(event, ({ target }) => read(target));
}

function read(target: EventTarget | null): void {
  const form = around(target, "form[data-reading]");
  if (!(form instanceof HTMLFormElement)) return;
  callOff();
  callOff = later(TYPING_MS, () => {
    // The newest answer counts: an older one that is still on its way is not waited for.
    asking.abort();
    asking = new AbortController();
    void show(form, asking.signal);
  });
}

async function show(form: HTMLFormElement, signal: AbortSignal): Promise<void> {
  const reading = document.getElementById("reading");
  const address = form.dataset.reading;
  if (reading === null || address === undefined) return;
  const html = await ask(address, form, signal);
  if (signal.aborted) return;
  reading.classList.toggle("stale", html === null);
  if (html === null) return;
  reading.innerHTML = html;
  sayTimes();
}

/** Null: there is no answer, and what was read before is left to be seen. */
async function ask(address: string, form: HTMLFormElement, signal: AbortSignal): Promise<string | null> {
  const fields = [...new FormData(form)].flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : []));
  const body = new URLSearchParams(fields);
  try {
    const headers = { accept: "text/html" };
    const answer = await fetch(address, { method: "POST", headers, body, redirect: "manual", signal });
    return answer.ok ? await answer.text() : null;
  } catch {
    return null;
  }
}
