/** A workspace of the console's tests with a project, people at every level of access, and a browser for each. */
import { env } from "cloudflare:workers";
import { findMembership } from "../../src/directory/memberships.ts";
import { SECRET_RANDOM_BYTES, secretText, startSession } from "../../src/directory/sessions.ts";
import { type AccessLevel, mintProjectScope } from "../../src/domain/access.ts";
import { readProjectId, readSessionId } from "../../src/domain/ids.ts";
import { SESSION_COOKIE, sealSession } from "../../src/http/session-cookie.ts";
import { newId, randomBytes } from "../../src/system.ts";
import { functionAt, give, hold, makeMember, type Person } from "../api/caller.ts";
import { scribeAt } from "../support/scribe.ts";
import { Browser, makeTeam } from "./browser.ts";

/** A browser that is signed in as this member, without any mail. */
export async function browserOf({ id }: Pick<Person, "id">): Promise<Browser> {
  const membership = await findMembership(env.DIRECTORY, id);
  if (membership === null) throw new Error("No such member");
  const secret = secretText(randomBytes(SECRET_RANDOM_BYTES));
  const session = { id: readSessionId(newId()), secret, agent: "Test browser", way: "link", replaces: null } as const;
  await startSession(env.DIRECTORY, membership, session, scribeAt());
  const browser = new Browser();
  browser.cookies.set(SESSION_COOKIE, await sealSession(env.CARILLON_KEY, secret));
  return browser;
}

/** An admin with a project that has one function, `work`. */
export async function makeProjectTeam(name = "Reports") {
  const team = await makeTeam();
  const owner = await hold(team.scope, team.adminId, team.email);
  const { body } = await owner.call("POST", "/v1/projects", { body: { name } });
  const at = `/v1/projects/${body.id}`;
  await owner.call("POST", `${at}/versions`, { body: { functions: [functionAt("work")] } });
  await owner.call("PUT", `${at}/published`, { body: { version: 1 } });
  const scope = mintProjectScope(team.scope.workspaceId, readProjectId(body.id));
  const path = `/projects/${body.id}`;
  return {
    ...{ owner, at, scope, path, slug: String(body.slug), email: team.email },
    /** A member whom the project is shared with at this level, and their browser. */
    async member(access: AccessLevel) {
      const person = await makeMember(team.scope, "editor");
      await give(owner, at, { user: person.id }, access);
      return { person, browser: await browserOf(person) };
    },
  };
}
