/** Loads the modules of a new version once, to see that they can be loaded, and to read what their functions say. */
import { EXPORTS_MAX } from "../domain/code/exports.ts";
import { type Meta, type MetaIssue, readMeta } from "../domain/code/meta.ts";
import type { Modules } from "../domain/code/modules.ts";
import type { Place } from "../domain/code/place.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { SECOND_MS } from "../domain/time/instant.ts";
import { fieldOf, listIn, textIn } from "./foreign.ts";
import { harnessOf, isolateCode } from "./isolate.ts";
import { readTold } from "./isolate-answer.ts";
import { platformError, startFailure, thrownError } from "./isolate-trouble.ts";
import { raceWithin } from "./race.ts";

/** Modules that take longer to load would take it from every run. */
export const LOAD_TIME_MS = 5 * SECOND_MS;
const LOAD_LIMITS = { cpuMs: 2_000, subRequests: 1 } as const;
const META_MAX_LENGTH = 16_384;

/** An export of the main module, as the loaded module has it. */
export interface LoadedExport {
  readonly name: string;
  readonly isFunction: boolean;
  readonly meta: Result<Meta, readonly MetaIssue[]>;
}

/** Why the modules could not be loaded; the place is in one of them, where it is known. */
export interface LoadTrouble {
  readonly message: string;
  readonly place: Place | null;
}

/** The exports of the main module, by name. Nothing leads out of this isolate, and it is gone afterwards. */
export async function inspectModules(
  loader: WorkerLoader,
  modules: Modules,
): Promise<Result<ReadonlyMap<string, LoadedExport>, LoadTrouble>> {
  try {
    const harness = harnessOf(loader.load(isolateCode(modules, null, LOAD_LIMITS)));
    const ended = await raceWithin(harness.inspect(modules.main), { timeout: LOAD_TIME_MS });
    if (ended.kind !== "done") return fail(trouble(`Loading did not end within ${LOAD_TIME_MS} ms.`));
    return readInspection(ended.value, modules);
  } catch (cause) {
    return fail(startFailure(cause) ?? trouble(platformError(cause).message));
  }
}

const trouble = (message: string): LoadTrouble => ({ message, place: null });

function readInspection(answer: unknown, modules: Modules): Result<ReadonlyMap<string, LoadedExport>, LoadTrouble> {
  if (textIn(answer, "kind") === "loaded") {
    return ok(new Map(listIn(answer, "exports", EXPORTS_MAX).map((one) => [textIn(one, "name"), readExport(one)])));
  }
  const error = thrownError("exception", readTold(answer), new Set(Object.keys(modules.texts)));
  return fail({ message: error.message, place: placeOf(error.stack ?? "") });
}

function readExport(one: unknown): LoadedExport {
  return { name: textIn(one, "name"), isFunction: fieldOf(one, "callable") === true, meta: metaOf(one) };
}

function metaOf(one: unknown): LoadedExport["meta"] {
  const unreadable = textIn(one, "trouble").slice(0, 500);
  const expected = "an object of plain values";
  if (unreadable !== "") return fail([{ field: "meta", message: `meta cannot be read: ${unreadable}.`, expected }]);
  const json = textIn(one, "meta");
  if (json === "") return ok({});
  if (json.length > META_MAX_LENGTH) return fail([{ field: "meta", message: "meta is too large.", expected }]);
  try {
    return readMeta(json);
  } catch {
    return fail([{ field: "meta", message: "meta cannot be read.", expected }]);
  }
}

/** Of the innermost frame. */
function placeOf(stack: string): Place | null {
  const [, module, line, column] = /(?:^|\()([^()\s]+):(\d+):(\d+)\)?$/m.exec(stack.split("\n")[0] ?? "") ?? [];
  return module === undefined ? null : { module, line: Number(line), column: Number(column) };
}
