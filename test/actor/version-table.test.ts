import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { VersionTable } from "../../src/actor/version-table.ts";
import type { FunctionSpec } from "../../src/domain/function.ts";
import { makeWorld } from "../support/world.ts";

const NINE = Date.parse("2027-01-15T09:00:00.000Z");
const fn = (name: string): FunctionSpec => ({ name, kind: "http", url: "https://example.com/" });

/** The table inside an actor whose first version, of the world itself, is published; `publish` moves that. */
async function inActor(act: (table: VersionTable, publish: (number: number) => void) => void) {
  const world = await makeWorld();
  await runInDurableObject(world.stub, (_, { storage }) => {
    let published = 1;
    const table = new VersionTable(storage.sql, () => published);
    act(table, (number) => {
      published = number;
      table.markPublished(number, NINE);
    });
  });
}

const states = (table: VersionTable) =>
  table.list({ limit: 50 }).items.map(({ number, state }) => `${number} ${state}`);

describe("versions", () => {
  it("are numbered one after another and keep their functions in their order", () =>
    inActor((table) => {
      const functions = [fn("b"), fn("a")];
      expect([table.add(functions, null, NINE).number, table.add([], null, NINE).number]).toEqual([2, 3]);
      expect(table.get(2)).toEqual({ number: 2, functions, code: null, createdAt: NINE, state: "retired" });
      expect(table.get(9)).toBeNull();
    }));

  it("have one that is published, and one draft: the newest that never was", () =>
    inActor((table, publish) => {
      table.add([fn("x")], null, NINE);
      table.add([fn("y")], null, NINE);
      expect(states(table)).toEqual(["3 draft", "2 retired", "1 published"]);
      publish(3);
      expect(states(table)).toEqual(["3 published", "2 retired", "1 retired"]);
      publish(2);
      expect(states(table)).toEqual(["3 retired", "2 published", "1 retired"]);
    }));

  it("are told as what they are now, also when they were read before", () =>
    inActor((table, publish) => {
      expect(table.published()?.number).toBe(1);
      table.add([fn("x")], null, NINE);
      publish(2);
      expect([table.get(1)?.state, table.get(2)?.state, table.published()?.number]).toEqual([
        "retired",
        "published",
        2,
      ]);
      expect(table.published()?.functions).toEqual([fn("x")]);
    }));

  it("are listed newest first, page by page", () =>
    inActor((table) => {
      for (let count = 0; count < 4; count += 1) table.add([], null, NINE);
      const first = table.list({ limit: 3 });
      const rest = table.list({ limit: 3, after: first.next ?? "" });
      expect(first.items.map((one) => one.number)).toEqual([5, 4, 3]);
      expect([rest.items.map((one) => one.number), rest.next]).toEqual([[2, 1], null]);
    }));
});
