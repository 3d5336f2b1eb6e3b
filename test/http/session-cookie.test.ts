/** The cookie of a session, and the cookies of this host in general. */
import { describe, expect, it } from "vitest";
import { clearHostCookie, readCookie, setHostCookie } from "../../src/http/host-cookie.ts";
import { readSession, SESSION_COOKIE, sealSession } from "../../src/http/session-cookie.ts";

const KEY = Buffer.alloc(32, 1).toString("base64");
const OTHER_KEY = Buffer.alloc(32, 2).toString("base64");
const SECRET = "s".repeat(43);

const cookie = async (key = KEY, secret = SECRET) => `${SESSION_COOKIE}=${await sealSession(key, secret)}`;

describe("a session's cookie", () => {
  it("is read back, also among others", async () => {
    expect(await readSession(KEY, `a=b; ${await cookie()}; c=d`)).toBe(SECRET);
  });

  it("is not read when there is none, when another key sealed it, or when a character of it differs", async () => {
    const good = await cookie();
    const start = SESSION_COOKIE.length + 1;
    const changed = [...good.slice(start)].map((letter, index) => {
      const other = letter === "A" ? "B" : "A";
      return good.slice(0, start + index) + other + good.slice(start + index + 1);
    });
    const wrong = [
      null,
      "",
      "a=b",
      `${SESSION_COOKIE}=`,
      `${SESSION_COOKIE}=${SECRET}`,
      await cookie(OTHER_KEY),
      `${good}A`,
    ];
    for (const cookies of [...wrong, ...changed]) expect(await readSession(KEY, cookies)).toBeNull();
  });
});

describe("a cookie of this host", () => {
  it("is set for this host, for https, for the whole site, and hidden from scripts", () => {
    expect(setHostCookie("__Host-x", "v", 90_500)).toBe(
      "__Host-x=v; Path=/; Max-Age=90; HttpOnly; Secure; SameSite=Lax",
    );
    expect(clearHostCookie("__Host-x")).toBe("__Host-x=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax");
  });

  it("is read from a request", () => {
    const request = new Request("https://carillon.test", { headers: { cookie: "a=1; __Host-x=v" } });
    expect(readCookie(request, "__Host-x")).toBe("v");
    expect(readCookie(request, "__Host-y")).toBeNull();
  });
});
