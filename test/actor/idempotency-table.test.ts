import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { IDEMPOTENCY_KEPT_MS, IdempotencyTable } from "../../src/actor/idempotency-table.ts";
import { conflict } from "../../src/domain/errors.ts";
import { fail, ok } from "../../src/domain/result.ts";
import { makeWorld } from "../support/world.ts";

const NINE = Date.parse("2027-01-15T09:00:00.000Z");
const WISH = { key: "k", fingerprint: "f" };

/** The table inside an actor, and a write that counts how often it happens. */
async function inActor(
  act: (table: IdempotencyTable, write: () => ReturnType<typeof answer>, sql: SqlStorage) => void,
) {
  const world = await makeWorld();
  await runInDurableObject(world.stub, (_, { storage }) => {
    let writes = 0;
    act(
      new IdempotencyTable(storage),
      () => {
        writes += 1;
        return answer(writes);
      },
      storage.sql,
    );
  });
}

const answer = (writes: number) => ok({ writes });

describe("a write under a key", () => {
  it("happens once; the same wish again is given the first answer and is told so", () =>
    inActor((table, write) => {
      expect(table.once(WISH, NINE, write)).toEqual(ok({ writes: 1 }));
      expect(table.once(WISH, NINE + 1, write)).toEqual({ ...ok({ writes: 1 }), replayed: true });
    }));

  it("happens as often as it is asked for without a key, or under another one", () =>
    inActor((table, write) => {
      table.once(undefined, NINE, write);
      table.once(undefined, NINE, write);
      table.once({ ...WISH, key: "a" }, NINE, write);
      expect(table.once({ ...WISH, key: "b" }, NINE, write)).toEqual(ok({ writes: 4 }));
    }));

  it("is refused when it is another one under the same key", () =>
    inActor((table, write) => {
      table.once(WISH, NINE, write);
      const refused = table.once({ ...WISH, fingerprint: "other" }, NINE, write);
      expect(refused).toEqual(fail({ code: "idempotency_key_reused", key: "k" }));
      expect(table.once(WISH, NINE, write)).toMatchObject({ value: { writes: 1 } });
    }));

  it("may be mended after a refusal, also after an answer that is one inside", () =>
    inActor((table, write) => {
      expect(table.once(WISH, NINE, () => fail(conflict("no")))).toMatchObject({ ok: false });
      table.once({ ...WISH, fingerprint: "mended" }, NINE, write, () => true);
      expect(table.once({ ...WISH, fingerprint: "again" }, NINE, write)).toEqual(ok({ writes: 2 }));
    }));

  it("is remembered for a day and not longer", () =>
    inActor((table, write) => {
      table.once(WISH, NINE, write);
      expect(table.once(WISH, NINE + IDEMPOTENCY_KEPT_MS - 1, write)).toMatchObject({ replayed: true });
      expect(table.once(WISH, NINE + IDEMPOTENCY_KEPT_MS, write)).toEqual(ok({ writes: 2 }));
    }));

  it("leaves neither its rows nor its answer when it throws", () =>
    inActor((table, write, sql) => {
      const broken = () => {
        sql.exec("INSERT INTO settings (name, value) VALUES ('half', '1')");
        throw new Error("half-way");
      };
      expect(() => table.once(WISH, NINE, broken)).toThrow("half-way");
      expect(sql.exec("SELECT * FROM settings WHERE name = 'half'").toArray()).toEqual([]);
      expect(table.once(WISH, NINE, write)).toEqual(ok({ writes: 1 }));
    }));
});

describe("tidying up", () => {
  it("takes the answers whose time is over and leaves the others", () =>
    inActor((table, write, sql) => {
      table.once({ ...WISH, key: "old" }, NINE - IDEMPOTENCY_KEPT_MS, write);
      table.once({ ...WISH, key: "young" }, NINE, write);
      table.forgetExpired(NINE);
      expect(sql.exec("SELECT key FROM idempotency").toArray()).toEqual([{ key: "young" }]);
    }));
});
