/** Invitations that race each other, or a change of the member: all of one is done, or nothing. */
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { foundWorkspace } from "../../src/directory/bootstrap.ts";
import { changeMember } from "../../src/directory/changing-members.ts";
import { deactivateMember } from "../../src/directory/deactivating.ts";
import { inviteMember, renewInvitation } from "../../src/directory/inviting.ts";
import { findMember, type Member } from "../../src/directory/members.ts";
import { hashSecret } from "../../src/directory/secrets.ts";
import type { WorkspaceScope } from "../../src/domain/access.ts";
import { readMemberId } from "../../src/domain/ids.ts";
import { newId, now, randomBytes } from "../../src/system.ts";
import { scribeAt } from "../support/scribe.ts";
import { unwrap } from "../support/world.ts";

const db = env.DIRECTORY;
/** All in one instant: nothing may rest on the clock telling two acts apart. */
const scribe = scribeAt();

const makeWorkspace = async (): Promise<WorkspaceScope> => {
  const facts = { name: "Acme", plan: "team", email: "ada@acme.test" } as const;
  return (await foundWorkspace(db, facts, { now: now(), newId, randomBytes })).scope;
};

const secretOf = (): string => Buffer.from(randomBytes(32)).toString("base64url");

const invite = (scope: WorkspaceScope, secret: string, seen: Member | null = null) =>
  inviteMember(
    db,
    scope,
    { id: readMemberId(newId()), email: "grace@acme.test", name: "", role: "viewer", seen },
    secret,
    scribe,
  );

const openLinks = async ({ id }: Member): Promise<readonly unknown[]> => {
  const { results } = await db
    .prepare("SELECT hash FROM sign_in_links WHERE member_id = ?1 AND used_at IS NULL")
    .bind(id)
    .all<{ hash: string }>();
  return results.map(({ hash }) => hash);
};

it("the second of two who invite somebody at once leaves the link of the first as it was", async () => {
  const scope = await makeWorkspace();
  const [first, second] = [secretOf(), secretOf()];
  const member = unwrap(await invite(scope, first));
  expect(await invite(scope, second)).toMatchObject({ ok: false, error: { code: "conflict" } });
  expect(await openLinks(member)).toEqual([hashSecret(first)]);
});

it("the second of two who invite a deactivated member anew does so too", async () => {
  const scope = await makeWorkspace();
  const invited = unwrap(await invite(scope, secretOf()));
  const { member: gone } = unwrap(await deactivateMember(db, scope, invited, scribe));
  const [first, second] = [secretOf(), secretOf()];
  expect((await invite(scope, first, gone)).ok).toBe(true);
  expect((await invite(scope, second, gone)).ok).toBe(false);
  expect(await openLinks(gone)).toEqual([hashSecret(first)]);
});

it("a renewal of an invitation to what the member is no longer ends no link and makes none", async () => {
  const scope = await makeWorkspace();
  const seen = unwrap(await invite(scope, secretOf()));
  const { member } = unwrap(await changeMember(db, scope, seen, { role: "admin" }, scribe));
  const secret = secretOf();
  expect((await renewInvitation(db, scope, member, secret, scribe)).ok).toBe(true);
  expect((await renewInvitation(db, scope, seen, secretOf(), scribe)).ok).toBe(false);
  expect(await openLinks(member)).toEqual([hashSecret(secret)]);
});

it("a deactivated member is invited anew in the role in which they were seen, and in no other", async () => {
  const scope = await makeWorkspace();
  const invited = unwrap(await invite(scope, secretOf()));
  const { member: gone } = unwrap(await deactivateMember(db, scope, invited, scribe));
  unwrap(await changeMember(db, scope, gone, { role: "admin" }, scribe));
  expect((await invite(scope, secretOf(), gone)).ok).toBe(false);
  expect(await findMember(db, scope, gone.id)).toMatchObject({ role: "admin", state: "deactivated" });
});
