/** The walk over the routes that are not in a project, and the table itself. */
import { describe, expect, it } from "vitest";
import type { Ground } from "./every-route/ground.ts";
import { ROWS } from "./every-route/rows.ts";
import { isInProject, routes, rowOf, walk } from "./every-route/walk.ts";

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

walk(routes.filter((route) => !isInProject(route)));
