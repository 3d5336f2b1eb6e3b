/** Browsers are lent: so many at once, no more than half of them to one workspace, and warm ones first. */
import { evictDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { type BrowserKeeper, LOAN_LASTS_MS } from "../../src/actor/browser-keeper.ts";
import type { BrowserKeeping, BrowserLoan } from "../../src/actor/browser-loans.ts";
import { readWorkspaceId, type WorkspaceId } from "../../src/domain/ids.ts";
import { HOUR_MS } from "../../src/domain/time/instant.ts";
import { newId } from "../../src/system.ts";
import { setClock } from "../support/world.ts";

const NINE = Date.parse("2027-01-15T09:00:00.000Z");
/** As wrangler.toml has it. */
const BROWSERS = 4;

let keeper: BrowserKeeping;
/** Has the object leave the memory, as it does when it is asked nothing for some seconds. */
let evict: () => Promise<void>;
beforeEach(() => {
  expect(env.BROWSER).toBeDefined();
  setClock(NINE);
  const { BrowserKeeper } = exports as unknown as { BrowserKeeper: DurableObjectNamespace<BrowserKeeper> };
  const stub = BrowserKeeper.getByName(newId());
  evict = () => evictDurableObject(stub);
  keeper = {
    borrow: (workspace) => stub.borrow(workspace),
    giveBack: (loan, session) => stub.giveBack(loan, session),
    turnedAway: (loan, retryAfter) => stub.turnedAway(loan, retryAfter),
  };
});

const workspace = (): WorkspaceId => readWorkspaceId(newId());

async function borrow(of = workspace()): Promise<Extract<BrowserLoan, { kind: "lent" }>> {
  const loan = await keeper.borrow(of);
  if (loan.kind === "wait") throw new Error(`Told to wait for ${loan.retryAfter} ms`);
  return loan;
}

describe("the keeper of browsers", () => {
  it("lends as many as the deployment has, and then has the next one wait until one comes back", async () => {
    const loans = [];
    for (let count = 0; count < BROWSERS; count += 1) loans.push(await borrow());
    expect(await keeper.borrow(workspace())).toEqual({ kind: "wait", retryAfter: expect.any(Number) });
    await keeper.giveBack(loans[0]?.loan ?? "", null);
    await borrow();
  });

  it("lends no workspace more than half of them, so that the next one does not wait for it", async () => {
    const greedy = workspace();
    for (let count = 0; count < BROWSERS / 2; count += 1) await borrow(greedy);
    expect((await keeper.borrow(greedy)).kind).toBe("wait");
    await borrow();
  });

  it("lends a warm session to whoever comes next, to one at a time, before it has a new one launched", async () => {
    const first = await borrow();
    expect(first.session).toBeNull();
    await keeper.giveBack(first.loan, "warm");
    const [second, third] = [await borrow(), await borrow()];
    expect([second.session, third.session]).toEqual(["warm", null]);
  });

  it("lends a session however long it was idle, once: whether it still lives, connecting tells", async () => {
    const { loan } = await borrow();
    await keeper.giveBack(loan, "warm");
    setClock(NINE + HOUR_MS);
    const [idle, next] = [await borrow(), await borrow()];
    expect([idle.session, next.session]).toEqual(["warm", null]);
  });

  it("knows no session of a browser that is gone", async () => {
    const { loan } = await borrow();
    await keeper.giveBack(loan, null);
    expect((await borrow()).session).toBeNull();
  });

  it("ends a loan that nobody gives back, and then takes no session from it", async () => {
    const loans = [];
    for (let count = 0; count < BROWSERS; count += 1) loans.push(await borrow());
    setClock(NINE + LOAN_LASTS_MS - 1);
    expect((await keeper.borrow(workspace())).kind).toBe("wait");
    setClock(NINE + LOAN_LASTS_MS);
    await borrow();
    await keeper.giveBack(loans[0]?.loan ?? "", "late");
    expect((await borrow()).session).toBeNull();
  });

  it("has nobody launch a browser before the time that the platform named, but lends what is warm", async () => {
    const [turned, warm] = [await borrow(), await borrow()];
    await keeper.turnedAway(turned.loan, 20_000);
    expect(await keeper.borrow(workspace())).toEqual({ kind: "wait", retryAfter: 20_000 });
    await keeper.giveBack(warm.loan, "warm");
    expect((await borrow()).session).toBe("warm");
    setClock(NINE + 20_000);
    await borrow();
  });

  it("remembers its loans while nobody asks it anything, so that no more work than the deployment has", async () => {
    const greedy = workspace();
    const loans = [await borrow(greedy), await borrow(greedy)];
    await evict();
    expect((await keeper.borrow(greedy)).kind).toBe("wait");
    for (let count = 2; count < BROWSERS; count += 1) await borrow();
    await evict();
    expect((await keeper.borrow(workspace())).kind).toBe("wait");
    await keeper.giveBack(loans[0]?.loan ?? "", null);
    await evict();
    await borrow();
  });

  it("remembers warm sessions, and the time that the platform named", async () => {
    const [warm, turned] = [await borrow(), await borrow()];
    await keeper.giveBack(warm.loan, "warm");
    await keeper.turnedAway(turned.loan, 20_000);
    await evict();
    expect((await borrow()).session).toBe("warm");
    await evict();
    expect(await keeper.borrow(workspace())).toEqual({ kind: "wait", retryAfter: 20_000 });
  });
});
