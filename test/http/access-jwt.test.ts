/** Tokens of Cloudflare Access: one is good, and each spoiled in one point is refused by name. */
import { env } from "cloudflare:workers";
import { SignJWT, UnsecuredJWT } from "jose";
import { beforeEach, describe, expect, it } from "vitest";
import { verifyAccessToken } from "../../src/http/access-jwt.ts";
import { AccessTeam } from "../support/access-team.ts";

const MINUTE = 60_000;
const rules = { allowLoopback: true, ownHosts: [] };

let team: AccessTeam;
let now: number;

beforeEach(async () => {
  team = await AccessTeam.make();
  now = Date.now();
});

const verify = (token: string, at = now) => verifyAccessToken(token, team, { now: at, rules });
const seconds = (instant: number): number => Math.floor(instant / 1_000);

describe("a token of Cloudflare Access", () => {
  it("proves the address it names", async () => {
    expect(await verify(await team.sign({ email: "Ada@Example.test" }))).toEqual({
      ok: true,
      value: "ada@example.test",
    });
  });

  it.each([
    ["another audience", { aud: ["beef"] }, { kind: "wrong_claim", claim: "aud" }],
    ["no audience", { aud: undefined }, { kind: "wrong_claim", claim: "aud" }],
    ["another issuer", { iss: "https://evil.cloudflareaccess.com" }, { kind: "wrong_claim", claim: "iss" }],
    ["no end", { exp: undefined }, { kind: "wrong_claim", claim: "exp" }],
    ["no address", { email: undefined, common_name: "robot" }, { kind: "no_email" }],
    ["an empty address", { email: "" }, { kind: "no_email" }],
    ["a letter that folds to one of ASCII", { email: "\u212Aate@example.test" }, { kind: "foreign_email" }],
    ["another letter that is not of ASCII", { email: "zoë@example.test" }, { kind: "foreign_email" }],
    ["a blank in the address", { email: " ada@example.test" }, { kind: "foreign_email" }],
  ])("is refused with %s", async (_, claims, error) => {
    expect(await verify(await team.sign(claims))).toEqual({ ok: false, error });
  });

  it("is refused once it has expired, and before its time", async () => {
    const token = await team.sign({ nbf: seconds(now), exp: seconds(now) + 60 });
    expect((await verify(token, now + MINUTE + 5_000)).ok).toBe(true);
    expect(await verify(token, now + MINUTE + 11_000)).toEqual({ ok: false, error: { kind: "expired" } });
    expect(await verify(token, now - 12_000)).toMatchObject({ error: { kind: "wrong_claim", claim: "nbf" } });
  });

  it("is refused when it is signed with a key of somebody else under a known name", async () => {
    await team.addKey("other");
    const forged = await team.sign({}, { kid: "first", by: "other" });
    expect(await verify(forged)).toEqual({ ok: false, error: { kind: "bad_signature" } });
  });

  it("is refused when it is changed", async () => {
    const [head, body = "", seal] = (await team.sign()).split(".");
    const claims = { ...JSON.parse(Buffer.from(body, "base64url").toString()), email: "eve@example.test" };
    const changed = [head, Buffer.from(JSON.stringify(claims)).toString("base64url"), seal].join(".");
    expect(await verify(changed)).toEqual({ ok: false, error: { kind: "bad_signature" } });
  });

  it("is refused without a signature, or with one of another kind", async () => {
    const claims = { iss: team.issuer, aud: team.audience, email: "a@b.test", exp: seconds(now) + 60 };
    const shared = new SignJWT(claims).setProtectedHeader({ alg: "HS256", kid: "first" });
    expect(await verify(new UnsecuredJWT(claims).encode())).toEqual({ ok: false, error: { kind: "wrong_algorithm" } });
    const none = `${Buffer.from('{"alg":"none","kid":"first"}').toString("base64url")}.e30.AAAA`;
    expect(await verify(none)).toEqual({ ok: false, error: { kind: "wrong_algorithm" } });
    const symmetric = await shared.sign(new TextEncoder().encode("x".repeat(32)));
    expect(await verify(symmetric)).toEqual({ ok: false, error: { kind: "wrong_algorithm" } });
  });

  it.each(["", "x", "a.b.c", "....", "e30.e30.e30"])("is refused when it is none: %j", async (text) => {
    expect(await verify(text)).toEqual({ ok: false, error: { kind: "malformed" } });
  });
});

describe("the keys of the team", () => {
  it("are asked for once in an hour", async () => {
    const token = await team.sign({ exp: seconds(now) + 7_200 });
    for (const later of [0, 1, 59 * MINUTE]) expect((await verify(token, now + later)).ok).toBe(true);
    expect(await team.asked()).toBe(1);
    await verify(token, now + 60 * MINUTE);
    expect(await team.asked()).toBe(2);
  });

  it("are asked for again for a key that is not known, at most once a minute", async () => {
    await verify(await team.sign());
    await team.addKey("second");
    const token = await team.sign({ exp: seconds(now) + 600 }, { kid: "second" });
    for (const later of [0, 1_000, MINUTE - 1])
      expect(await verify(token, now + later)).toEqual({ ok: false, error: { kind: "unknown_key" } });
    expect(await team.asked()).toBe(1);
    expect(await verify(token, now + MINUTE)).toEqual({ ok: false, error: { kind: "unknown_key" } });
    expect(await team.asked()).toBe(2);
    await team.publishKeys();
    expect((await verify(token, now + 2 * MINUTE)).ok).toBe(true);
    expect(await team.asked()).toBe(3);
  });

  it("that cannot be had are said to be so, and not asked for more than once a minute", async () => {
    const silent = { issuer: `${env.RECEIVER}/access-silent-${now}`, audience: team.audience };
    const token = await team.sign({ iss: silent.issuer });
    const ask = (later: number) => verifyAccessToken(token, silent, { now: now + later, rules });
    for (const later of [0, 1, 59_999])
      expect(await ask(later)).toMatchObject({
        error: { kind: "keys_unavailable", message: expect.stringContaining("503") },
      });
    expect(await (await fetch(silent.issuer)).json()).toHaveLength(1);
    await ask(MINUTE);
    expect(await (await fetch(silent.issuer)).json()).toHaveLength(2);
  });

  it("are not asked for at an address that is not public", async () => {
    const inside = { issuer: "https://10.0.0.1", audience: team.audience };
    const refused = await verifyAccessToken(await team.sign(), inside, { now, rules });
    expect(refused).toMatchObject({ error: { kind: "keys_unavailable" } });
  });
});
