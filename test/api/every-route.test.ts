/** The walk: everybody who may come, to every route there is. A route without a row in the table fails. */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { ABILITIES, type Ability, ACCESS_LEVELS, type AccessLevel, reaches } from "../../src/domain/access.ts";
import { type Answered, call } from "./caller.ts";
import {
  everythingOf,
  type Ground,
  type Known,
  known,
  makeGround,
  strangers,
  type Visitor,
} from "./every-route/ground.ts";
import { ROWS, type Row } from "./every-route/rows.ts";

interface Route {
  readonly id: string;
  readonly method: string;
  readonly path: string;
}

const VIEWER_ABILITIES: readonly Ability[] = ["see_people"];
const isAbility = (needs: Row["needs"]): needs is Ability => ABILITIES.some((one) => one === needs);
const isLevel = (needs: Row["needs"]): needs is AccessLevel => ACCESS_LEVELS.some((one) => one === needs);
const isOurKind = ({ needs }: Row) => !["public", "run", "operator"].includes(needs);

const routes: readonly Route[] = await (async () => {
  const document = (await call("GET", "/openapi.json")).body;
  return Object.entries<Record<string, { operationId: string }>>(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => ({
      id: operationId,
      method: method.toUpperCase(),
      path,
    })),
  );
})();

describe("the table", () => {
  it("has a row for every route of the document, and for no other", () => {
    expect(Object.keys(ROWS).sort()).toEqual(routes.map(({ id }) => id).sort());
  });

  it("names the address that the document gives", () => {
    for (const { id, path } of routes) {
      const pattern = new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`);
      const wanted = rowOf(id).want(FAKE_GROUND);
      expect(wanted.path.split("?")[0], id).toMatch(pattern);
    }
  });
});

const FAKE_GROUND = {
  at: "/v1/projects/p",
  owner: { id: "o" },
  waiting: { run: "r", token: "t" },
  schedule: "s",
  run: "r",
  group: "g",
  member: "m",
  invited: "i",
  deactivated: "d",
  token: "t",
  workspace: "w",
} as unknown as Ground;

function rowOf(id: string): Row {
  const row = ROWS[id];
  if (row === undefined) throw new Error(`No row for ${id}`);
  return row;
}

describe.each(routes)("$method $path ($id)", ({ id, method }) => {
  const row = rowOf(id);
  let ground: Ground;

  beforeAll(async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    ground = await makeGround();
  });

  const visit = (visitor: Visitor): Promise<Answered> => {
    const { path, body } = row.want(ground);
    return visitor(method, path, body);
  };

  it("knows neither nobody nor those who are nobody any more", async () => {
    const visitors = await strangers(ground);
    const before = await everythingOf(ground);
    for (const [who, visitor] of Object.entries(visitors)) {
      const { status } = await visit(visitor);
      expect(row.needs === "public" ? status < 300 : status === 401, `${who}: ${status}`).toBe(true);
    }
    expect(await everythingOf(ground)).toEqual(before);
  });

  const itOfOurKind = isOurKind(row) ? it : () => {};

  itOfOurKind("is for nobody who may not, and nothing changes by their asking", async () => {
    const people = await known(ground);
    const before = await everythingOf(ground);
    for (const [who, expected] of Object.entries(refusalsOf(row, method))) {
      const answer = await visit(people[who as keyof Known]);
      expect([who, answer.status]).toEqual([who, expected]);
    }
    // Where nothing of the owner's is named, the outsider is in a workspace of their own.
    if (!row.names) {
      const answer = await visit(people.outsider);
      for (const own of [ground.project, ground.member, ground.schedule, ground.run, ground.group])
        expect(JSON.stringify(answer.body)).not.toContain(own);
    }
    expect(await everythingOf(ground)).toEqual(before);
  });

  it("is for whoever may, and the audit has what they did", async () => {
    const { path, body, bearer } = row.want(ground);
    const entries = await countEntries(ground);
    const answer =
      bearer === undefined
        ? await ground.owner.call(method, path, body === undefined ? {} : { body })
        : await call(method, path, { body, headers: { authorization: `Bearer ${bearer}` } });
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
    if (method === "GET" || row.unaudited !== undefined) return expect(await countEntries(ground)).toBe(entries);
    await vi.waitFor(async () => expect(await countEntries(ground)).toBeGreaterThan(entries));
  });
});

/** Whom the operation refuses, and how: out of sight is 404, in sight and not allowed is 403. */
function refusalsOf({ needs, names }: Row, method: string): Partial<Record<keyof Known, number>> {
  return {
    ...(names ? { outsider: 404 } : {}),
    ...(isLevel(needs) ? { unshared: 404, ...(reaches("app_only", needs) ? {} : { appOnly: 403 }) } : {}),
    ...(isAbility(needs) && !VIEWER_ABILITIES.includes(needs)
      ? { unshared: 403, appOnly: 403, heldElsewhere: 403 }
      : {}),
    ...(needs === "self" ? { unshared: 404, appOnly: 404 } : {}),
    ...(isLevel(needs) ? { heldElsewhere: 404 } : {}),
    ...(method === "GET" ? {} : { reader: 403, foreignPage: 403 }),
  };
}

async function countEntries({ workspace }: Ground): Promise<number> {
  const row = await env.DIRECTORY.prepare("SELECT count(*) AS entries FROM audit WHERE workspace_id = ?1")
    .bind(workspace)
    .first<{ entries: number }>();
  return row?.entries ?? 0;
}
