/** Links at the directory: who gets one, and what each is good for. The doors' side is in test/console. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { foundWorkspace } from "../../src/directory/bootstrap.ts";
import { invitationOf } from "../../src/directory/making-invitations.ts";
import { SECRET_RANDOM_BYTES, secretText } from "../../src/directory/sessions.ts";
import {
  keepAskedLink,
  keepLink,
  LINK_MS,
  LINKS_PER_BROWSER_AND_HOUR,
  LINKS_PER_HOUR,
  openSignInLink,
  readInvitation,
  useInvitation,
} from "../../src/directory/sign-in-links.ts";
import { readMemberId } from "../../src/domain/ids.ts";
import { newId, randomBytes } from "../../src/system.ts";

const db = env.DIRECTORY;
const START = Date.UTC(2026, 10, 22);
const HOUR = 3_600_000;
const newSecret = () => secretText(randomBytes(SECRET_RANDOM_BYTES));

async function makeMember() {
  const email = `ada-${newId()}@acme.test`;
  const { adminId } = await foundWorkspace(
    db,
    { name: "Acme", plan: "team", email },
    { now: START, newId, randomBytes },
  );
  const [secret, browser] = [newSecret(), newSecret()];
  const ask = (now = START, as = email, by = browser) =>
    keepAskedLink(db, { email: as, browser: by, now }, newSecret());
  const kept = await keepAskedLink(db, { email, browser, now: START }, secret);
  const open = (now = START, by: string | null = browser) =>
    openSignInLink(db, secret, { browser: by, isLocal: false, now });
  return { email, adminId, secret, browser, kept, ask, open };
}

describe("a link that is asked for", () => {
  it("is kept for an address that is somebody's, and for no other", async () => {
    const { kept, ask } = await makeMember();
    expect(kept).toBe(true);
    expect(await ask(START, "zoe@nowhere.test")).toBe(false);
  });

  it("is one of five in an hour for its browser, also for many who ask at once", async () => {
    const { ask } = await makeMember();
    const answers = await Promise.all(Array.from({ length: 9 }, () => ask()));
    expect(answers.filter(Boolean)).toHaveLength(LINKS_PER_BROWSER_AND_HOUR - 1);
    expect(await ask(START + HOUR - 1)).toBe(false);
    expect(await ask(START + HOUR)).toBe(true);
  });

  it("is kept though another browser has had all of its own", async () => {
    const { ask, email } = await makeMember();
    for (let asked = 1; asked < LINKS_PER_BROWSER_AND_HOUR; asked += 1) await ask();
    expect(await ask()).toBe(false);
    expect(await ask(START, email, newSecret())).toBe(true);
  });

  it("is one of twenty in an hour for its address, however many browsers ask at once", async () => {
    const { ask, email } = await makeMember();
    const answers = await Promise.all(Array.from({ length: 30 }, () => ask(START, email, newSecret())));
    expect(answers.filter(Boolean)).toHaveLength(LINKS_PER_HOUR - 1);
    expect(await ask(START + HOUR, email, newSecret())).toBe(true);
  });

  it("opens once, for the browser that asked, until it expires", async () => {
    const { open, email } = await makeMember();
    expect(await open(START, null)).toEqual({ ok: false, error: "other_browser" });
    expect(await open(START, newSecret())).toEqual({ ok: false, error: "other_browser" });
    expect(await open(START + LINK_MS.sign_in)).toEqual({ ok: false, error: "expired" });
    expect(await open(START + LINK_MS.sign_in - 1)).toEqual({ ok: true, value: { way: "link", email } });
    expect(await open()).toEqual({ ok: false, error: "used" });
  });
});

describe("an invitation", () => {
  it("is read as often as one likes, and used once", async () => {
    const { adminId, email } = await makeMember();
    const secret = newSecret();
    await keepLink(db, invitationOf(adminId, email, START), secret).run();
    for (const _ of [1, 2]) expect(await readInvitation(db, secret, START)).toEqual({ ok: true, value: adminId });
    const uses = await Promise.all([useInvitation(db, secret, START), useInvitation(db, secret, START)]);
    expect(uses.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await readInvitation(db, secret, START)).toEqual({ ok: false, error: "used" });
  });

  it("is not kept for a member who was not made", async () => {
    const secret = newSecret();
    await keepLink(db, invitationOf(readMemberId(newId()), "bo@acme.test", START), secret).run();
    expect(await readInvitation(db, secret, START)).toEqual({ ok: false, error: "unknown" });
  });
});
