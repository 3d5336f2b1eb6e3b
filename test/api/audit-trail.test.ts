/** Acts on projects are written down behind the answer: together where they can be, and none of them lost unheard. */
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Answered } from "../../src/api/answer.ts";
import { noteAct } from "../../src/api/audit-trail.ts";
import type { AnyOperation } from "../../src/api/operation.ts";
import type { Caller } from "../../src/directory/callers.ts";
import type { Project } from "../../src/directory/projects.ts";
import { mintProjectScope, type WorkspaceScope } from "../../src/domain/access.ts";
import { readProjectId } from "../../src/domain/ids.ts";
import { fail, ok } from "../../src/domain/result.ts";
import { newId, now } from "../../src/system.ts";
import { scribeAt } from "../support/scribe.ts";
import { type AuditRow, auditOf, makeAdmin } from "./caller.ts";

const ACT = "run.started";
/** As `ABANDONED_AFTER_MS` says. */
const ABANDONED_AFTER_MS = 1_000;
const LINES_OF_ONE_WRITE = 200;
const DONE: Answered = ok({ status: 201 });

let scope: WorkspaceScope;
let project: Project;
/** What requests keep themselves alive for. */
let pending: Promise<unknown>[];

beforeEach(async () => {
  ({ scope } = await makeAdmin());
  const id = readProjectId(newId());
  const at = now();
  project = { id, scope: mintProjectScope(scope.workspaceId, id), slug: "r", name: "R", createdAt: at, updatedAt: at };
  pending = [];
});

interface Acted {
  readonly run?: string;
  readonly at?: number;
  readonly answered?: Answered;
  readonly operation?: object;
  readonly params?: Readonly<Record<string, string>>;
}

/** The directory as this file's requests see it: what other tests' requests still write in the background is not theirs. */
const directory: D1Database = Object.create(env.DIRECTORY, {
  prepare: { value: (sql: string) => env.DIRECTORY.prepare(sql), writable: true },
});

/** A request that did something. */
function act({
  run = newId(),
  at = now(),
  answered = DONE,
  operation = { act: ACT },
  params = { r: run },
}: Acted = {}) {
  const done = {
    operation: operation as AnyOperation,
    answered,
    project,
    params,
    caller: { scope } as Caller,
    scribe: scribeAt(at),
  };
  noteAct(directory, done, (work) => pending.push(work));
  return run;
}

const written = async (): Promise<readonly AuditRow[]> => {
  await Promise.all(pending);
  return auditOf(scope, ACT);
};
const targets = (rows: readonly AuditRow[]): readonly string[] => rows.map(({ target_id }) => target_id);

/** The next request that opens lines is ended before it writes them. Answers what would wake it all the same. */
function endTheNext(): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  vi.spyOn(scheduler, "wait").mockReturnValueOnce(promise);
  return resolve;
}

describe("acts of a moment", () => {
  it("share one write, which one of the requests waits for", async () => {
    const prepare = vi.spyOn(directory, "prepare");
    const runs = [act(), act()];
    expect(pending).toHaveLength(1);
    await Promise.all(pending);
    expect(prepare).toHaveBeenCalledOnce();
    expect(targets(await written())).toEqual(runs);
  });

  it("are all written, however many they are", async () => {
    const runs = Array.from({ length: 2 * LINES_OF_ONE_WRITE + 1 }, () => act());
    expect(targets(await written())).toEqual(runs);
  });

  it("of two workspaces are written apart", async () => {
    const [first, other] = [scope, (await makeAdmin()).scope];
    const mine = act();
    scope = other;
    const theirs = act();
    expect(pending).toHaveLength(2);
    expect(targets(await written())).toEqual([theirs]);
    expect(targets(await auditOf(first, ACT))).toEqual([mine]);
  });

  it("that come after the write are written by themselves", async () => {
    const first = act();
    expect(targets(await written())).toEqual([first]);
    const second = act();
    expect(targets(await written())).toEqual([first, second]);
  });
});

describe("what an ended request has left", () => {
  it("is written by the next one that comes when it counts as left, and only once", async () => {
    const wake = endTheNext();
    const at = now();
    const left = act({ at });
    const [ended] = pending;
    pending = [];
    const added = act({ at: at + ABANDONED_AFTER_MS - 1 });
    expect(pending).toHaveLength(0);
    const next = act({ at: at + ABANDONED_AFTER_MS });
    expect(pending).toHaveLength(1);
    expect(targets(await written()).toSorted()).toEqual([left, added, next].toSorted());
    wake();
    await ended;
    expect(await written()).toHaveLength(3);
  });

  it("is taken over too when the clock was set back", async () => {
    endTheNext();
    const at = now();
    const left = act({ at });
    pending = [];
    const next = act({ at: at - ABANDONED_AFTER_MS });
    expect(targets(await written()).toSorted()).toEqual([left, next].toSorted());
  });
});

describe("without its database", () => {
  it("the trail tells the operator what was not written, in full, and throws nothing", async () => {
    const told = vi.spyOn(console, "error").mockImplementation(() => {});
    vi.spyOn(env.DIRECTORY, "prepare").mockImplementation(() => {
      throw new Error("D1 is down");
    });
    const runs = [act(), act()];
    await expect(Promise.all(pending)).resolves.toBeDefined();
    expect(told).toHaveBeenCalledOnce();
    expect(told.mock.lastCall?.[0]).toMatchObject({
      event: "audit_not_written",
      workspace: scope.workspaceId,
      cause: "Error: D1 is down",
      lines: runs.map((id) => ({ entry: { act: ACT, target: { kind: "run", id }, project: project.id } })),
    });
  });

  it.each([1, 2])("for write %i of several, each line is written or told", async (failing) => {
    const told = vi.spyOn(console, "error").mockImplementation(() => {});
    const { prepare } = env.DIRECTORY;
    let writes = 0;
    const spied = vi.spyOn(env.DIRECTORY, "prepare").mockImplementation((query) => {
      writes += 1;
      if (writes === failing) throw new Error("D1 is down");
      return prepare.call(env.DIRECTORY, query);
    });
    const runs = Array.from({ length: LINES_OF_ONE_WRITE + 2 }, () => act());
    await Promise.all(pending);
    spied.mockRestore();
    expect(told).toHaveBeenCalledOnce();
    const lines: readonly { entry: { target: { id: string } } }[] = told.mock.lastCall?.[0].lines;
    const kept = new Set([...targets(await written()), ...lines.map(({ entry }) => entry.target.id)]);
    expect([...kept].toSorted()).toEqual(runs.toSorted());
  });
});

describe("an act", () => {
  it.each([
    ["an answer that was given before", { answered: ok({ status: 201, headers: { "idempotency-replayed": "true" } }) }],
    ["an operation that did nothing", { answered: ok({ status: 200, target: null }) }],
    ["an operation that was refused", { answered: fail({ code: "conflict" as const, detail: "It has ended." }) }],
    ["an operation that is none by itself", { operation: {} }],
  ] satisfies readonly [string, Acted][])("is not %s", async (_, acted) => {
    act(acted);
    expect(pending).toHaveLength(0);
    expect(await written()).toEqual([]);
  });

  it.each([
    ["the schedule of the address", { s: "a-schedule" }, { kind: "schedule", id: "a-schedule" }],
    ["the run of the address", { r: "a-run" }, { kind: "run", id: "a-run" }],
  ])("is on %s", async (_, params, { kind, id }) => {
    act({ params });
    expect(await written()).toMatchObject([{ target_kind: kind, target_id: id, project_id: project.id }]);
  });

  it("is on the project where the address names nothing in it, and on what the answer says before all", async () => {
    act({ params: {} });
    act({ answered: ok({ status: 201, target: { kind: "schedule", id: "made" } }) });
    expect(await written()).toMatchObject([
      { target_kind: "project", target_id: project.id, target_name: "R" },
      { target_kind: "schedule", target_id: "made" },
    ]);
  });
});
