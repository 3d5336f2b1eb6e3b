/** Invitations by the API: one workspace does not use up the mail of all. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { INVITATIONS_PER_DAY } from "../../src/directory/making-invitations.ts";
import { setClock } from "../support/world.ts";
import { auditOf, expectProblem, makeAdmin, type Person } from "./caller.ts";

const START = Date.UTC(2026, 10, 22, 9);
const DAY = 86_400_000;

const inviting = (admin: Person, email: string) =>
  admin.call("POST", "/v1/members", { body: { email, role: "editor" } });

/** So many invitations of other people, as if they had been made a while ago. */
const fill = (admin: Person, count: number) =>
  env.DIRECTORY.prepare(
    `WITH RECURSIVE made (one) AS (SELECT 1 UNION ALL SELECT one + 1 FROM made WHERE one < ?1)
     INSERT INTO sign_in_links (hash, purpose, email, member_id, workspace_id, created_at, expires_at)
     SELECT lower(hex(randomblob(32))), 'invitation', one || '@elsewhere.test', ?2, ?3, ?4, ?4 FROM made`,
  )
    .bind(count, admin.id, admin.scope.workspaceId, START)
    .run();

describe("invitations", () => {
  it("of one address are renewed until there were five in a day, and what refuses the sixth leaves the fifth open", async () => {
    setClock(START);
    const admin = await makeAdmin();
    const { body } = await inviting(admin, "bo@elsewhere.test");
    const renew = () => admin.call("POST", `/v1/members/${body.member.id}/invitation`);
    for (let made = 1; made < 4; made += 1) expect((await renew()).status).toBe(201);
    const [last, ...refused] = [await renew(), await renew(), await renew()];
    expect(last?.status).toBe(201);
    for (const one of refused) {
      expectProblem(one, 403, "limit_reached");
      expect(one.body).toMatchObject({ limit: "invitations_per_address_and_day", allowed: 5, used: 6 });
    }
    const open = await env.DIRECTORY.prepare(
      "SELECT count(*) AS links FROM sign_in_links WHERE member_id = ?1 AND used_at IS NULL",
    )
      .bind(body.member.id)
      .first();
    expect(open).toEqual({ links: 1 });
    expect(await auditOf(admin.scope, "member.invitation_renewed")).toHaveLength(4);
    setClock(START + DAY);
    expect((await renew()).status).toBe(201);
  });

  it("of a workspace are 200 in a day: the next one invites nobody, and is not written down", async () => {
    setClock(START);
    const admin = await makeAdmin();
    await fill(admin, INVITATIONS_PER_DAY - 1);
    expect((await inviting(admin, "bo@elsewhere.test")).status).toBe(201);
    const refused = await inviting(admin, "cy@elsewhere.test");
    expectProblem(refused, 403, "limit_reached");
    expect(refused.body).toMatchObject({ limit: "invitations_per_day", allowed: 200, used: 201 });
    expect((await admin.call("GET", "/v1/members?email=cy@elsewhere.test")).body.items).toEqual([]);
    expect(await auditOf(admin.scope, "member.invited")).toHaveLength(1);
    setClock(START + DAY);
    expect((await inviting(admin, "cy@elsewhere.test")).status).toBe(201);
  });
});
