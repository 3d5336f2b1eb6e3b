/** What the API refused, as a page where there is no form to show it in. */
import { type Pages, show, type Visit } from "./door.tsx";
import { Notice } from "./frame.tsx";
import { Typed } from "./pieces/typed.tsx";
import { showMissing } from "./project-visit.tsx";
import { type Refusal, Refused } from "./refusal.ts";
import { showTrouble } from "./trouble.tsx";

const TITLES: Readonly<Record<number, string>> = {
  403: "This is not yours to do",
  409: "This cannot be done now",
  412: "It was changed meanwhile",
  422: "This cannot be done so",
  429: "Too many requests",
  503: "Not just now",
};

/** The refusal as a page; of what is not there, and of what is not theirs to see, the same. What was typed stays. */
export function showRefusal({ c }: { readonly c: Visit }, { status, detail }: Refusal): Response | Promise<Response> {
  if (status === 401) return c.redirect("/sign-in", 303);
  if (status === 404) return showMissing(c);
  const next = { href: "/", label: "Go on from here" };
  const known = status === 403 || status === 409 || status === 412 || status === 429 || status === 503 ? status : 422;
  const title = TITLES[known] ?? "This cannot be done so";
  return show(
    c,
    <Notice title={title} lines={[detail]} next={next} below={<Typed filled={c.get("filled")} />} />,
    known,
  );
}

/** Shows whatever a page threw: a refusal as itself, anything else as trouble. */
export function showThrown(pages: Pages): void {
  pages.onError((thrown, c) =>
    thrown instanceof Refused ? showRefusal({ c }, thrown.refusal) : showTrouble(thrown, c),
  );
}
