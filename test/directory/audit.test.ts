/** The audit: append only, and read with filters, the newest first. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { recordEntries, type Scribe } from "../../src/directory/audit.ts";
import { foundWorkspace } from "../../src/directory/bootstrap.ts";
import { listEntries } from "../../src/directory/reading-audit.ts";
import type { Entry } from "../../src/domain/audit.ts";
import { readProjectId } from "../../src/domain/ids.ts";
import { newId, now, randomBytes } from "../../src/system.ts";

const db = env.DIRECTORY;
const START = Date.parse("2027-05-01T12:00:00Z");
const PROJECT = readProjectId(newId());

const makeWorkspace = async () =>
  (await foundWorkspace(db, { name: "Acme", plan: "team", email: "ada@acme.test" }, { now: now(), newId, randomBytes }))
    .scope;

const scribe: Scribe = {
  newId,
  doing: { doer: { kind: "system" }, at: START, requestId: newId(), address: "203.0.113.7" },
};
const REPAIR: Entry = { act: "alarm.repaired", target: { kind: "project", id: PROJECT }, project: PROJECT };
const PAUSE: Entry = {
  act: "schedule.paused_by_plan",
  target: { kind: "schedule", id: "s", name: "Nightly" },
  project: PROJECT,
  detail: { reason: "too many" },
};
const lines = (...entries: readonly Entry[]) => entries.map((entry) => ({ scribe, entry }));

describe("the audit", () => {
  it("keeps who did what to which thing, from where, under which request", async () => {
    const scope = await makeWorkspace();
    await recordEntries(db, scope, lines(PAUSE));
    expect(await listEntries(db, scope, {}, { limit: 10 })).toEqual([
      {
        id: expect.any(String),
        at: START,
        doer: { kind: "system", id: null, name: "system" },
        act: "schedule.paused_by_plan",
        target: { kind: "schedule", id: "s", name: "Nightly" },
        project: PROJECT,
        detail: { reason: "too many" },
        address: "203.0.113.7",
        requestId: scribe.doing.requestId,
      },
    ]);
  });

  it("cannot be changed, and not be taken away, whatever code comes to the database", async () => {
    const scope = await makeWorkspace();
    await recordEntries(db, scope, lines(REPAIR));
    const spoil = (sql: string) => db.prepare(sql).bind(scope.workspaceId).run();
    await expect(spoil("UPDATE audit SET act = 'nothing' WHERE workspace_id = ?1")).rejects.toThrow("append only");
    await expect(spoil("DELETE FROM audit WHERE workspace_id = ?1")).rejects.toThrow("append only");
    expect(await listEntries(db, scope, {}, { limit: 10 })).toHaveLength(1);
  });

  it("is read newest first, a page at a time", async () => {
    const scope = await makeWorkspace();
    await recordEntries(db, scope, lines(REPAIR, PAUSE, REPAIR));
    const [newest, ...rest] = await listEntries(db, scope, {}, { limit: 10 });
    const page = await listEntries(db, scope, {}, { limit: 10, before: String(newest?.id) });
    expect(page).toEqual(rest);
    expect(rest).toHaveLength(2);
  });

  it.each([
    [{ act: "alarm.repaired" }, 1],
    [{ act: "run.started" }, 0],
    [{ targetKind: "schedule" }, 1],
    [{ target: "s", act: "alarm.repaired" }, 0],
    [{ project: PROJECT }, 2],
    [{ project: readProjectId(newId()) }, 0],
    [{ doerKind: "system" }, 2],
    [{ doerKind: "member" }, 0],
    [{ doer: newId() }, 0],
    [{ from: now() + 60_000 }, 0],
    [{ until: now() - 60_000 }, 0],
    [{ from: now() - 60_000, until: now() + 60_000 }, 2],
  ] as const)("by %j holds %i of two", async (filter, found) => {
    const scope = await makeWorkspace();
    await recordEntries(db, scope, lines(REPAIR, PAUSE));
    expect(await listEntries(db, scope, filter, { limit: 10 })).toHaveLength(found);
  });

  it("of one workspace is not that of another", async () => {
    const [mine, theirs] = [await makeWorkspace(), await makeWorkspace()];
    await recordEntries(db, theirs, lines(REPAIR));
    expect(await listEntries(db, mine, {}, { limit: 10 })).toEqual([]);
  });
});
