/** The functions that schedules of a project may name: those of its published version. */
import { VersionAnswer } from "../answers/version.ts";
import type { InProject } from "../in-project.tsx";
import type { Option } from "../pieces/fields.tsx";
import { WHOLE_PROJECT } from "./schedule-words.ts";

/** By their names; null: nothing is published. */
export async function functionsOf({ api, at }: InProject): Promise<readonly string[] | null> {
  const published = await api.ask(`${at}/published`, VersionAnswer);
  return published.ok ? published.value.functions.map(({ name }) => name) : null;
}

/** To choose among them, or the whole project. One that is chosen and no longer there can still be seen to be. */
export const functionOptions = (functions: readonly string[], chosen: string): readonly Option[] => [
  ["", WHOLE_PROJECT],
  ...functions.map((name): Option => [name, name]),
  ...(chosen === "" || functions.includes(chosen)
    ? []
    : [[chosen, `${chosen} (not in the published version)`] as const]),
];
