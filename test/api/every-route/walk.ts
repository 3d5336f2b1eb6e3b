/** The walk: everybody who may come, to every route there is. A route without a row in the table fails. */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, onTestFailed, vi } from "vitest";
import { call, makeAdmin } from "../caller.ts";
import { everythingOf } from "./everything.ts";
import { type Ground, makeGround } from "./ground.ts";
import { isAbility, isLevel, LEAST_WITH, LEVEL_BELOW, MIGHTIEST_WITHOUT } from "./ranks.ts";
import { ROWS, type Row } from "./rows.ts";
import {
  asVisitor,
  bearing,
  editorWith,
  type Known,
  known,
  memberWith,
  signedInGuest,
  strangers,
  type Visitor,
} from "./visitors.ts";

export interface Route {
  readonly id: string;
  readonly method: string;
  readonly path: string;
}

export const routes: readonly Route[] = await (async () => {
  const document = (await call("GET", "/openapi.json")).body;
  return Object.entries<Record<string, { operationId: string }>>(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => ({
      id: operationId,
      method: method.toUpperCase(),
      path,
    })),
  );
})();

/** Whether the route is one of a project: the walk goes over the two kinds side by side. */
export const isInProject = ({ path }: Route): boolean => path.startsWith("/v1/projects/");

export function rowOf(id: string): Row {
  const row = ROWS[id];
  if (row === undefined) throw new Error(`No row for ${id}`);
  return row;
}

/** The ground that no test changes, and those who come to it. */
interface Scene {
  readonly ground: Ground;
  readonly people: Known;
  readonly strangers: Readonly<Record<string, Visitor>>;
}

let standing: Promise<Scene> | undefined;

/** Made once for all the routes; a test that fails may have changed it, and leaves the next one a new scene. */
function scene(): Promise<Scene> {
  onTestFailed(() => {
    standing = undefined;
  });
  standing ??= (async () => {
    const ground = await makeGround();
    return { ground, people: await known(ground), strangers: await strangers(ground) };
  })();
  return standing;
}

/** Grounds that are for one test each, since it changes them. Made beforehand, so that they wait for their runs together. */
const spare: Ground[] = [];
const MADE_AT_ONCE = 20;
const MAKING_TIMEOUT_MS = 60_000;

async function makeSpare(count: number): Promise<void> {
  while (spare.length < count) {
    const more = Math.min(MADE_AT_ONCE, count - spare.length);
    spare.push(...(await Promise.all(Array.from({ length: more }, makeGround))));
  }
}

/** A ground to change; a test that runs once more has another. */
const takeGround = async (): Promise<Ground> => spare.pop() ?? (await makeGround());

/** Everybody who may come, to each of these routes. */
export function walk(routes: readonly Route[]): void {
  // What is ordered is not done: nothing is to move by itself.
  beforeAll(() => {
    vi.spyOn(env.CAPTURES, "send").mockResolvedValue({ metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } });
    vi.spyOn(env.DELIVERIES, "send").mockResolvedValue({ metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } });
  });
  beforeAll(() => makeSpare(routes.filter(({ method }) => method !== "GET").length), MAKING_TIMEOUT_MS);

  describe.each(routes)("$method $path ($id)", ({ id, method }) => {
    const row = rowOf(id);
    const isRead = method === "GET";
    const visit = (visitor: Visitor, ground: Ground) => {
      const { path, body, headers } = row.want(ground);
      return visitor(method, path, body, headers);
    };

    it("knows neither nobody nor those who are nobody any more, nor who is somebody at another door", async () => {
      const { ground, strangers: visitors } = await scene();
      const before = await everythingOf(ground);
      const elsewhere = {
        ...(row.needs === "operator" ? {} : { "an operator": bearing(ground.operator) }),
        ...(row.needs === "run" ? {} : { "a run": bearing(ground.waiting.token) }),
        ...(row.needs === "page" ? {} : { "a page": bearing(ground.pageToken) }),
      };
      for (const [who, visitor] of Object.entries({ ...visitors, ...elsewhere })) {
        const { status } = await visit(visitor, ground);
        expect([who, status]).toEqual([who, row.needs === "public" ? 200 : 401]);
      }
      expect(await everythingOf(ground)).toEqual(before);
    });

    it("is for nobody who may not, and nothing changes by their asking", async () => {
      const { ground, people } = await scene();
      // Where nothing of the owner's is named, whoever is in a workspace of their own has what they ask for there.
      const somebodyElse = isOfWorkspace(row) && !row.names ? asVisitor(await makeAdmin()) : null;
      const before = await everythingOf(ground);
      for (const { who, visitor, status } of refusalsOf(row, method, people)) {
        const answer = await visit(visitor, ground);
        expect([who, answer.status]).toEqual([who, status]);
      }
      if (somebodyElse !== null) {
        const answer = await visit(somebodyElse, ground);
        for (const own of [ground.project, ground.member, ground.schedule, ground.run, ground.group])
          expect(JSON.stringify(answer.body)).not.toContain(own);
      }
      expect(await everythingOf(ground)).toEqual(before);
    });

    it("is for whoever may just so, and the audit has what they did", async () => {
      const ground = isRead ? (await scene()).ground : await takeGround();
      const visitor = await leastOf(row, ground);
      const entries = await countEntries(ground);
      const { path, body, headers } = (await row.bring?.(ground, visitor)) ?? row.want(ground);
      const answer = await visitor(method, path, body, headers);
      expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
      if (isRead || row.unaudited !== undefined) return expect(await countEntries(ground)).toBe(entries);
      await vi.waitFor(async () => expect(await countEntries(ground)).toBeGreaterThan(entries), { interval: 5 });
    });
  });
}

/** The same for the routes that are also for whoever may share any project. */
export const walkAsSharer = (routes: readonly Route[]): void =>
  describe.each(routes.filter(({ id }) => rowOf(id).orSharer))("$method $path ($id)", ({ id, method }) => {
    it("is for whoever may share any project, without a share of this one", async () => {
      const ground = method === "GET" ? (await scene()).ground : await takeGround();
      const { path, body } = rowOf(id).want(ground);
      const answer = await (await memberWith(ground, "admin"))(method, path, body);
      expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
    });
  });

/** Whoever has exactly what it takes, and nothing more. */
async function leastOf({ needs, want }: Row, ground: Ground): Promise<Visitor> {
  const { bearer } = want(ground);
  if (bearer !== undefined) return bearing(bearer);
  if (needs === "public") return bearing(null);
  if (isLevel(needs)) return editorWith(ground, needs);
  if (isAbility(needs)) return memberWith(ground, LEAST_WITH[needs]);
  return needs === "member" ? signedInGuest(ground) : asVisitor(ground.owner);
}

const isOfWorkspace = ({ needs }: Row): boolean => !["public", "run", "page", "operator"].includes(needs);

interface Refusal {
  readonly who: string;
  readonly visitor: Visitor;
  readonly status: number;
}

/** Whom the operation refuses, and how: out of sight is 404, in sight and not allowed is 403. */
function refusalsOf({ needs, names, orSharer }: Row, method: string, people: Known): readonly Refusal[] {
  const { outsider, reader, foreignPage, heldElsewhere, lowered, editors, roles } = people;
  const all = (status: number, visitors: Readonly<Record<string, Visitor>>): readonly Refusal[] =>
    Object.entries(visitors).map(([who, visitor]) => ({ who, visitor, status }));
  if (needs === "public") return all(200, { outsider, reader, foreignPage, heldElsewhere, ...roles });
  if (needs === "operator" || needs === "run" || needs === "page")
    return all(401, {
      outsider,
      reader,
      foreignPage,
      heldElsewhere,
      ...roles,
      "with full access": editors.full_access,
    });
  const refusals = [
    ...(names ? all(404, { outsider }) : []),
    ...(method === "GET" ? [] : all(403, { reader, foreignPage })),
  ];
  if (needs === "member") return refusals;
  if (needs === "self")
    return [...refusals, ...all(404, { manager: roles.manager, "with full access": editors.full_access })];
  if (isAbility(needs)) {
    const role = MIGHTIEST_WITHOUT[needs];
    return [...refusals, ...all(403, { [role]: roles[role], heldElsewhere })];
  }
  const below = LEVEL_BELOW[needs];
  const { admin, ...others } = roles;
  return [
    ...refusals,
    ...all(below === "none" ? 404 : 403, { [`with ${below}`]: editors[below] }),
    ...all(404, { heldElsewhere, ...others, ...(orSharer ? {} : { admin }) }),
    ...(needs === "can_edit" || needs === "full_access" ? all(403, { lowered }) : []),
  ];
}

async function countEntries({ workspace }: Ground): Promise<number> {
  const row = await env.DIRECTORY.prepare("SELECT count(*) AS entries FROM audit WHERE workspace_id = ?1")
    .bind(workspace)
    .first<{ entries: number }>();
  return row?.entries ?? 0;
}
