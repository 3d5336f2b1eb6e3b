/** `/unsubscribe/{token}`: by a mail program's one click, by a person, and when there is nothing left to unsubscribe from. */
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { isUnsubscribed } from "../../../src/directory/unsubscriptions.ts";
import { readMemberId, readProjectId, readScheduleId } from "../../../src/domain/ids.ts";
import { makeUnsubscribeToken } from "../../../src/http/unsubscribe-token.ts";
import worker from "../../../src/index.ts";
import { newId, now } from "../../../src/system.ts";
import { actsIn, Browser, makeEnv, makeTeam, ORIGIN, spoil } from "../browser.ts";

const asIncoming = (request: Request) => request as Request<unknown, IncomingRequestCfProperties>;

const ELSEWHERE = { "sec-fetch-site": "cross-site", origin: "https://mail.example" };

async function makeGround() {
  const team = await makeTeam();
  const project = readProjectId(newId());
  const schedule = readScheduleId(newId());
  await env.DIRECTORY.prepare(
    "INSERT INTO projects (id, workspace_id, slug, name, created_at, updated_at) VALUES (?1, ?2, ?3, 'Sales <b>', ?4, ?4)",
  )
    .bind(project, team.scope.workspaceId, `sales-${newId()}`, now())
    .run();
  await env.DIRECTORY.prepare(
    `INSERT INTO grants (project_id, grantee_kind, grantee_id, workspace_id, access, updated_at)
     VALUES (?1, 'user', ?2, ?3, 'app_only', 1)`,
  )
    .bind(project, team.adminId, team.scope.workspaceId)
    .run();
  const member = readMemberId(team.adminId);
  const subject = { workspace: team.scope.workspaceId, project, member, schedule };
  const token = await makeUnsubscribeToken(env.CARILLON_KEY, subject);
  const isOut = () => isUnsubscribed(env.DIRECTORY, team.scope, member, schedule);
  const acts = async () => (await actsIn(team.scope)).map(({ act }) => act).filter((act) => act.includes("subscribed"));
  return { ...team, project, token, path: `/unsubscribe/${token}`, isOut, acts };
}

describe("the link of a mail", () => {
  it("only asks when it is opened, since programs that scan mail open it too", async () => {
    const { path, isOut, email } = await makeGround();
    const page = await new Browser().get(path);
    expect(page.status).toBe(200);
    expect(page.text).toContain("Unsubscribe from this schedule?");
    expect(page.text).toContain("Sales &lt;b&gt;");
    expect(page.text).toContain(email);
    expect(await isOut()).toBe(false);
  });

  it("unsubscribes by one click of a mail program, from anywhere, without a cookie", async () => {
    const { path, isOut, acts } = await makeGround();
    const page = await new Browser().post(path, { "List-Unsubscribe": "One-Click" }, ELSEWHERE);
    expect(page.status).toBe(200);
    expect(page.text).toContain("You are unsubscribed");
    expect(await isOut()).toBe(true);
    expect(await acts()).toEqual(["member.unsubscribed"]);
  });

  it("takes the form in the other way too that mail programs send it", async () => {
    const { path, isOut } = await makeGround();
    const request = new Request(`${ORIGIN}${path}`, {
      method: "POST",
      body: '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
      headers: { "content-type": "multipart/form-data; boundary=x" },
    });
    const answer = await worker.fetch(asIncoming(request), makeEnv({}), createExecutionContext());
    expect(answer.status).toBe(200);
    expect(await isOut()).toBe(true);
  });

  it("does nothing a second time, and subscribes again when the page is asked to", async () => {
    const { path, isOut, acts, email } = await makeGround();
    const browser = new Browser();
    await browser.signIn(email);
    await browser.post(path, { "List-Unsubscribe": "One-Click" });
    await browser.post(path, { "List-Unsubscribe": "One-Click" });
    expect((await browser.get(path)).text).toContain("Subscribe again");
    expect((await browser.post(path, { again: "yes" })).text).toContain("You are subscribed again");
    expect(await isOut()).toBe(false);
    expect(await acts()).toEqual(["member.unsubscribed", "member.resubscribed"]);
  });

  it("subscribes again nobody but who is signed in as the member, and from the page alone", async () => {
    const { path, isOut, email } = await makeGround();
    const [stranger, other, member] = [new Browser(), new Browser(), new Browser()];
    await other.signIn((await makeTeam()).email);
    await member.signIn(email);
    await stranger.post(path, { "List-Unsubscribe": "One-Click" });
    for (const [browser, headers] of [
      [stranger, {}],
      [other, {}],
      [member, ELSEWHERE],
    ] as const) {
      const page = await browser.post(path, { again: "yes" }, headers);
      expect([page.status, page.text.includes("Sign in to Carillon first")]).toEqual([401, true]);
    }
    expect(await isOut()).toBe(true);
  });

  it.each([
    ["was deactivated", "UPDATE members SET state = 'deactivated', deactivated_at = 1 WHERE id = ?1"],
    ["lost the project", "DELETE FROM grants WHERE grantee_id = ?1"],
  ])("tells whoever %s nothing of the project any more", async (_, change) => {
    const { path, adminId, isOut } = await makeGround();
    await env.DIRECTORY.prepare(change).bind(adminId).run();
    for (const page of [
      await new Browser().get(path),
      await new Browser().post(path, { "List-Unsubscribe": "One-Click" }),
    ]) {
      expect(page.text).toContain("nothing to unsubscribe from");
      expect(page.text).not.toContain("Sales");
    }
    expect(await isOut()).toBe(false);
  });

  it.each([{}, { "List-Unsubscribe": "one-click" }, { other: "x" }])(
    "changes nothing for the form %j",
    async (form) => {
      const { path, isOut } = await makeGround();
      const page = await new Browser().post(path, form);
      expect(page.status).toBe(400);
      expect(await isOut()).toBe(false);
    },
  );

  it("is refused when it is too large, or comes too often", async () => {
    const { path, isOut } = await makeGround();
    expect((await new Browser().post(path, { "List-Unsubscribe": "x".repeat(5_000) })).status).toBe(413);
    const limiter = { limit: async () => ({ success: false }) };
    const limited = new Browser(undefined, { SIGN_IN_RATE: limiter as RateLimit });
    expect((await limited.post(path, { "List-Unsubscribe": "One-Click" })).status).toBe(429);
    expect(await isOut()).toBe(false);
  });

  it("that is not ours is not known", async () => {
    const { token, isOut } = await makeGround();
    const browser = new Browser();
    for (const path of [`/unsubscribe/${spoil(token)}`, "/unsubscribe/x"]) {
      expect((await browser.get(path)).status).toBe(404);
      expect((await browser.post(path, { "List-Unsubscribe": "One-Click" })).status).toBe(404);
    }
    expect(await isOut()).toBe(false);
  });

  it("says plainly when the project or the member is gone", async () => {
    const { path, project, acts } = await makeGround();
    await env.DIRECTORY.prepare("UPDATE projects SET deleted_at = ?2 WHERE id = ?1").bind(project, now()).run();
    const page = await new Browser().post(path, { "List-Unsubscribe": "One-Click" });
    expect(page.status).toBe(200);
    expect(page.text).toContain("nothing to unsubscribe from");
    expect(await acts()).toEqual([]);
  });
});
