/**
 * The exports of a version's main module in the order of its source: a module namespace sorts its names, so the order of a
 * whole-project run is read from the text. `export ... from` and `export *` are followed. Pure.
 */
import type { Export } from "es-module-lexer/js";
import { resolve } from "./imports.ts";
import type { Lexed } from "./lexing.ts";
import type { ModuleTexts } from "./modules.ts";
import { type Place, placesIn } from "./place.ts";

/** An export and where its name stands. */
export interface FoundExport {
  readonly name: string;
  readonly place: Place;
}

/** More than a version may have functions; exports that are none are few. */
export const EXPORTS_MAX = 1_000;

/** Every export of the main module, each once. */
export function exportsInOrder(
  main: string,
  texts: ModuleTexts,
  lexed: ReadonlyMap<string, Lexed>,
): readonly FoundExport[] {
  const found = new Map<string, FoundExport>();
  collect(main, { texts, lexed, seen: new Set() }, (one) => {
    if (!found.has(one.name)) found.set(one.name, one);
  });
  return [...found.values()];
}

interface Reading {
  readonly texts: ModuleTexts;
  readonly lexed: ReadonlyMap<string, Lexed>;
  /** Modules may export each other's exports in a circle. */
  readonly seen: Set<string>;
}

function collect(module: string, reading: Reading, take: (found: FoundExport) => void): void {
  if (reading.seen.has(module)) return;
  reading.seen.add(module);
  const { exports } = reading.lexed.get(module) ?? { exports: [] };
  const placeOf = placesIn(module, reading.texts[module] ?? "");
  const own = new Set(exports.flatMap((one) => (one.type === "reexport-all" ? [] : [one.name])));
  for (const one of inTextOrder(exports)) {
    if (one.type !== "reexport-all") {
      take({ name: one.name, place: placeOf(one.start) });
      continue;
    }
    const target = resolve(one.from, module);
    // A star brings everything but the default, and its own names go before those that it brings.
    if (target === null) continue;
    collect(target, reading, (found) => {
      if (found.name !== "default" && !own.has(found.name)) take(found);
    });
  }
}

const inTextOrder = (exports: readonly Export[]): readonly Export[] => exports.toSorted((a, b) => a.start - b.start);
