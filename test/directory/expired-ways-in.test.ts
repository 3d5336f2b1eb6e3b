/** What the daily housekeeping leaves of ways in. */
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { foundWorkspace } from "../../src/directory/bootstrap.ts";
import { forgetExpiredWaysIn } from "../../src/directory/expired-ways-in.ts";
import { invitationOf } from "../../src/directory/making-invitations.ts";
import { SECRET_RANDOM_BYTES, secretText } from "../../src/directory/sessions.ts";
import { keepAskedLink, keepLink, LINK_MS } from "../../src/directory/sign-in-links.ts";
import { newId, randomBytes } from "../../src/system.ts";

const db = env.DIRECTORY;
const START = Date.UTC(2026, 10, 22);
const DAY = 86_400_000;
const newSecret = () => secretText(randomBytes(SECRET_RANDOM_BYTES));

/** A member with a sign-in link, used or not, and an invitation. */
async function makeMember(isUsed: boolean) {
  const email = `ada-${newId()}@acme.test`;
  const wanted = { name: "Acme", plan: "team", email } as const;
  const { adminId } = await foundWorkspace(db, wanted, { now: START, newId, randomBytes });
  await keepAskedLink(db, { email, browser: newSecret(), now: START }, newSecret());
  if (isUsed) await db.prepare("UPDATE sign_in_links SET used_at = ?2 WHERE email = ?1").bind(email, START).run();
  await keepLink(db, invitationOf(adminId, email, START), newSecret()).run();
  return async () => {
    const { results } = await db
      .prepare("SELECT purpose FROM sign_in_links WHERE email = ?1 ORDER BY purpose")
      .bind(email)
      .all<{ readonly purpose: string }>();
    return results.map(({ purpose }) => purpose);
  };
}

it.each([false, true])(
  "forgets a link that signs in a day after its end (used: %s), an invitation after 30",
  async (isUsed) => {
    const left = await makeMember(isUsed);
    await forgetExpiredWaysIn(db, START + LINK_MS.sign_in + DAY - 1);
    expect(await left()).toEqual(["invitation", "sign_in"]);
    await forgetExpiredWaysIn(db, START + LINK_MS.sign_in + DAY);
    expect(await left()).toEqual(["invitation"]);
    await forgetExpiredWaysIn(db, START + LINK_MS.invitation + 30 * DAY - 1);
    expect(await left()).toEqual(["invitation"]);
    await forgetExpiredWaysIn(db, START + LINK_MS.invitation + 30 * DAY);
    expect(await left()).toEqual([]);
  },
);
