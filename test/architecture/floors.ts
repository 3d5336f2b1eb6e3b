/** The floors of DESIGN.md section 2: who may import whom. Each rule answers with what breaks it, one line each. */
import type { Source } from "./source-tree.ts";

/** Rooms by floor, from the ground up. */
export const FLOORS: readonly (readonly string[])[] = [
  ["domain"],
  ["directory", "runlog", "artifacts", "http"],
  ["executor", "delivery", "capture"],
  ["actor"],
  ["api", "console", "app", "queues"],
  ["index.ts"],
];

const DOORS = 4;
/** From this floor up the real clock, chance and the bindings may be had. */
const OUTSIDE_FROM = 3;
const OUTSIDE = ["src/env.ts", "src/system.ts"];
/** What doors see of the actor. */
const ACTOR_FRONT = ["src/actor/reach.ts", "src/actor/rpc.ts"];

const roomOf = (path: string): string => path.split("/")[1] ?? "";
export const floorOf = (path: string): number => FLOORS.findIndex((rooms) => rooms.includes(roomOf(path)));

/** Imports point down; rooms on one floor do not know each other. */
export function importsPointDown(sources: readonly Source[]): string[] {
  return edges(sources).flatMap(([from, to]) => {
    if (OUTSIDE.includes(to)) return [];
    if (OUTSIDE.includes(from))
      return floorOf(to) === 0 ? [] : [`${from} imports ${to}: it may only import src/domain`];
    if (floorOf(from) < 0) return [`${from} is in no room of DESIGN.md section 2`];
    if (roomOf(from) === roomOf(to) || floorOf(to) < floorOf(from)) return [];
    return [`${from} (floor ${floorOf(from)}) imports ${to} (floor ${floorOf(to)})`];
  });
}

/** `src/env.ts` and `src/system.ts` are for floors 3 to 5; the others get what they need as arguments. */
export const outsideIsHandedDown = (sources: readonly Source[]): string[] =>
  edges(sources)
    .filter(([from, to]) => OUTSIDE.includes(to) && floorOf(from) < OUTSIDE_FROM)
    .map(([from, to]) => `${from} imports ${to}: take it as an argument`);

/** Doors see the actor through its verbs, never through its stores. */
export const actorIsSeenThroughItsVerbs = (sources: readonly Source[]): string[] =>
  edges(sources)
    .filter(([from, to]) => floorOf(from) === DOORS && roomOf(to) === "actor" && !ACTOR_FRONT.includes(to))
    .map(([from, to]) => `${from} imports ${to}: use ${ACTOR_FRONT.join(" or ")}`);

/** No file needs itself by a detour to run. Two that only name each other's types are of one mind, which is fine. */
export function importsHaveNoCircle(sources: readonly Source[]): string[] {
  const targets = new Map(
    sources.map(({ path, imports }) => [path, imports.filter(({ isType }) => !isType).map(({ target }) => target)]),
  );
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const seen = trail.indexOf(path);
    if (seen >= 0) circles.push([...trail.slice(seen), path].join(" -> "));
    if (seen >= 0 || done.has(path)) return;
    for (const target of targets.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const { path } of sources) visit(path, []);
  return circles;
}

const edges = (sources: readonly Source[]): readonly (readonly [string, string])[] =>
  sources.flatMap(({ path, imports }) =>
    imports.filter(({ target }) => target.startsWith("src/")).map(({ target }) => [path, target] as const),
  );
