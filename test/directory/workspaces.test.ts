/** A workspace's name and its plan: changed by different people, each on its own. */
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { foundWorkspace } from "../../src/directory/bootstrap.ts";
import { buryWorkspace } from "../../src/directory/tombstones.ts";
import { changePlan, findWorkspace, renameWorkspace, type Workspace } from "../../src/directory/workspaces.ts";
import { newId, now, randomBytes } from "../../src/system.ts";
import { scribeAt } from "../support/scribe.ts";

const db = env.DIRECTORY;

/** A workspace as two have read it before either changes it. */
async function makeSeen(): Promise<Workspace> {
  const facts = { name: "Acme", plan: "professional", email: "ada@acme.test" } as const;
  const { scope } = await foundWorkspace(db, facts, { now: now(), newId, randomBytes });
  return (await findWorkspace(db, scope)) ?? expect.fail("gone");
}

it("a new name does not give the old plan back, and the answer has the plan of now", async () => {
  const seen = await makeSeen();
  await changePlan(db, seen, "enterprise", scribeAt());
  expect(await renameWorkspace(db, seen, "Bell", scribeAt())).toMatchObject({ name: "Bell", plan: "enterprise" });
  expect(await findWorkspace(db, seen.scope)).toMatchObject({ name: "Bell", plan: "enterprise" });
});

it("a new plan does not give the old name back, and the answer has the name of now", async () => {
  const seen = await makeSeen();
  await renameWorkspace(db, seen, "Bell", scribeAt());
  expect(await changePlan(db, seen, "team", scribeAt())).toMatchObject({ name: "Bell", plan: "team" });
  expect(await findWorkspace(db, seen.scope)).toMatchObject({ name: "Bell", plan: "team" });
});

it("one that is deleted is neither renamed nor given another plan", async () => {
  const seen = await makeSeen();
  await buryWorkspace(db, seen.scope, "Acme", scribeAt());
  expect(await renameWorkspace(db, seen, "Bell", scribeAt())).toBeNull();
  expect(await changePlan(db, seen, "team", scribeAt())).toBeNull();
});
