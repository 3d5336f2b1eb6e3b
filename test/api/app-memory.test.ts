/** The pages that lie ready: for a moment without asking, and never more of them than there is room for. */
import { beforeEach, describe, expect, it } from "vitest";
import { forgetApp, type RememberedApp, recallApp, rememberApp } from "../../src/api/app-memory.ts";
import { mintProjectScope, type ProjectScope } from "../../src/domain/access.ts";
import { readProjectId, readWorkspaceId } from "../../src/domain/ids.ts";
import { newId } from "../../src/system.ts";
import { viewOf } from "../app/views.ts";

const NOW = 1_000_000;
const newScope = () => mintProjectScope(readWorkspaceId(newId()), readProjectId(newId()));
const app = (length = 10): RememberedApp => ({
  fingerprint: "made of this",
  view: viewOf({}),
  html: "<p>Orders</p>",
  opensWithRun: false,
  length,
  tag: '"a"',
  url: null,
  run: null,
});

let scope: ProjectScope;
beforeEach(() => {
  scope = newScope();
});

describe("a page that lies ready", () => {
  it("is fresh for a second; then one visitor asks for the next, and the others are shown what there is", () => {
    expect(recallApp(scope, NOW)).toBeNull();
    rememberApp(scope, app(), NOW);
    expect(recallApp(scope, NOW + 999)?.isFresh).toBe(true);
    expect([1, 2, 3].map(() => recallApp(scope, NOW + 1_000)?.isFresh)).toEqual([false, true, true]);
    expect(recallApp(scope, NOW + 2_000)?.isFresh).toBe(false);
  });

  it("is of one project alone, and can be forgotten", () => {
    rememberApp(scope, app(), NOW);
    expect(recallApp(newScope(), NOW)).toBeNull();
    forgetApp(scope);
    expect(recallApp(scope, NOW)).toBeNull();
  });

  it("makes room when there are many, the oldest first; one that is too big is not kept at all", () => {
    rememberApp(scope, app(), NOW);
    const others = Array.from({ length: 8 }, newScope);
    for (const other of others) rememberApp(other, app(1_100_000), NOW);
    expect(recallApp(scope, NOW)).toBeNull();
    expect(others.map((other) => recallApp(other, NOW) !== null)).toEqual([false, ...others.slice(1).map(() => true)]);
    rememberApp(scope, app(9_000_000), NOW);
    expect(recallApp(scope, NOW)).toBeNull();
  });
});
