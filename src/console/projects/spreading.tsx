/** `/projects/{p}/spreads`: sets the spread of the schedules that were chosen out of a crowd. */
import { ScheduleAnswer } from "../answers/schedule.ts";
import { address } from "../client.ts";
import type { Pages } from "../door.tsx";
import type { Filled } from "../filled.ts";
import { type InProject, onProjectForm } from "../in-project.tsx";
import { type Wrongs, wrongAt } from "../pieces/fields.tsx";
import type { Refusal } from "../refusal.ts";
import { showProject } from "./project.tsx";

/** More than the page offers. */
const CHOSEN_MAX = 150;

export function mountSpreading(pages: Pages): void {
  onProjectForm(pages, "/projects/:p/spreads", "can_edit", spread);
}

async function spread(visit: InProject, filled: Filled): Promise<Response> {
  const chosen = [...new Set(filled.all("schedule"))].slice(0, CHOSEN_MAX);
  if (chosen.length === 0)
    return showProject(visit, {
      wrongs: { of: () => [], others: ["Nothing was changed: no schedule was chosen."] },
      filled,
    });
  const body = { spread: filled.text("spread") };
  const refused: { readonly id: string; readonly refusal: Refusal }[] = [];
  for (const id of chosen) {
    const changed = await visit.api.send("PATCH", visit.at + address`/schedules/${id}`, ScheduleAnswer, { body });
    if (!changed.ok) refused.push({ id, refusal: changed.error });
  }
  if (refused.length === 0) return visit.goTo(`${visit.home}?did=spread#load`);
  return showProject(visit, { wrongs: await sayRefused(visit, refused, chosen.length), filled });
}

/** What was wrong with the spread itself is said beside it; of each schedule that kept its own, why. */
async function sayRefused(
  visit: InProject,
  refused: readonly { readonly id: string; readonly refusal: Refusal }[],
  chosen: number,
): Promise<Wrongs> {
  const issue = refused.flatMap(({ refusal }) => refusal.errors).find(({ path }) => path === "/spread");
  if (issue !== undefined && refused.length === chosen) {
    const { message, ...rest } = issue;
    return { ...wrongAt("spread", message), of: (name) => (name === "spread" ? [{ ...rest, message }] : []) };
  }
  const names = await Promise.all(
    refused.map(async ({ id, refusal }) => {
      const schedule = await visit.api.ask(visit.at + address`/schedules/${id}`, ScheduleAnswer);
      const name = schedule.ok ? `${schedule.value.fn ?? "The whole project"}, ${schedule.value.description}` : id;
      return `${name}: ${refusal.errors[0]?.message ?? refusal.detail}`;
    }),
  );
  const kept = `Spread was set on ${chosen - refused.length} of ${chosen} schedules. These keep what they had:`;
  return { of: () => [], others: [kept, ...names] };
}
