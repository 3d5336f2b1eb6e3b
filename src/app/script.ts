/**
 * The page's script. It starts a visitor's own run, follows it in place, and sets the flag that captures wait for. Without
 * it the form works all the same, and the page loads itself again while a run goes on. It keeps nothing: a refresh shows
 * what everybody sees.
 *
 * - `data-carillon-ready` on the root is `true` once frames and pictures have loaded and no run goes on.
 * - What arrives as HTML was drawn by this deployment; the policy lets no script in it run.
 */
export const SCRIPT = `(() => {
  const root = document.documentElement, live = document.getElementById("live"), said = document.getElementById("said");
  const form = document.getElementById("run"), button = form && form.querySelector("button");
  const say = (text) => { if (said.textContent !== text) said.textContent = text; };
  const loaded = (one) => one.complete || new Promise((done) => { one.onload = one.onerror = done; });
  let parts = [];
  const show = (html) => {
    live.innerHTML = html;
    parts = [...live.querySelectorAll("iframe,img")].map(loaded);
  };
  const ready = async () => {
    await Promise.all(parts);
    root.dataset.carillonReady = "true";
  };
  const busy = (is) => {
    live.setAttribute("aria-busy", is);
    if (is) root.dataset.carillonReady = "false";
    if (button) button.disabled = is;
  };
  const give = (text) => { busy(false); say(text); ready(); };
  const follow = (address) => {
    busy(true);
    const source = new EventSource(address);
    source.addEventListener("state", ({ data }) => {
      const { run_id: run, said: text, html } = JSON.parse(data);
      root.dataset.carillonRun = run ?? "";
      root.dataset.carillonState = "own";
      say(text);
      if (html !== null) show(html);
    });
    source.addEventListener("end", () => { source.close(); busy(false); ready(); });
    source.onerror = () => { if (source.readyState === EventSource.CLOSED) give("The connection was lost. Refresh the page."); };
  };
  const start = async () => {
    busy(true);
    say("Waiting to start…");
    try {
      const headers = { accept: "application/json", "content-type": "application/json" };
      const answer = await fetch(form.action, { method: "POST", headers, body: "{}" });
      const body = await answer.json();
      if (answer.ok) follow(body.events); else give(body.detail);
    } catch { give("The run could not be started. Try again."); }
  };
  if (form) form.addEventListener("submit", (event) => { event.preventDefault(); start(); });
  if (live.dataset.events && live.dataset.pending === "true") follow(live.dataset.events);
  else if (live.dataset.runOnOpen === "true" && form) start();
  else if (live.dataset.pending !== "true") addEventListener("load", () => { root.dataset.carillonReady = "true"; });
})();`;
