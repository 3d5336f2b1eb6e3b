/** Which requests of a page pass, and which navigations. */
import { describe, expect, it } from "vitest";
import { judge } from "../../src/capture/judging.ts";
import type { ShotPage } from "../../src/capture/shot.ts";

const RULES = { allowLoopback: false, ownHosts: ["carillon.example.com"] };
const OWN: ShotPage = { kind: "own", url: "https://carillon.example.com/p?token=a", open: async () => new Response() };
const EXTERNAL: ShotPage = { kind: "external", url: "https://app.example.net/x?carillon_run=1&carillon_token=cpt_a" };

describe("the page itself", () => {
  const kindOf = (url: string, page: ShotPage, method = "GET") =>
    judge({ url, method, isPage: true }, page, RULES).kind;

  it("of ours is its one address, read and not written", () => {
    expect(kindOf("https://carillon.example.com/p?token=a#part", OWN)).toBe("own");
    expect(kindOf("https://carillon.example.com/p?token=a", OWN, "POST")).toBe("leaves");
    expect(kindOf("https://carillon.example.com/p?token=b", OWN)).toBe("leaves");
    expect(kindOf("https://example.net/", OWN)).toBe("leaves");
  });

  it("of others stays on its site and with its run", () => {
    expect(kindOf("https://app.example.net/y?carillon_run=1", EXTERNAL)).toBe("pass");
    expect(kindOf("https://app.example.net/y?carillon_run=2", EXTERNAL)).toBe("leaves");
    expect(kindOf("https://app.example.net/login", EXTERNAL)).toBe("leaves");
    expect(kindOf("http://app.example.net/y?carillon_run=1", EXTERNAL)).toBe("leaves");
    expect(kindOf("https://login.example.net/?carillon_run=1", EXTERNAL)).toBe("leaves");
  });

  it("on an address that is refused does not open at all", () => {
    const inside: ShotPage = { kind: "external", url: "https://10.0.0.1/?carillon_run=1" };
    expect(kindOf(inside.url, inside)).toBe("refused");
  });
});

describe("what a page asks for", () => {
  const kindOf = (url: string, page: ShotPage = EXTERNAL) =>
    judge({ url, method: "GET", isPage: false }, page, RULES).kind;

  it("passes on the public Internet, and where it is part of the page", () => {
    expect(
      ["https://cdn.example.org/a.js", "data:text/plain,a", "blob:https://x/1", "about:srcdoc"].map((url) =>
        kindOf(url),
      ),
    ).toEqual(["pass", "pass", "pass", "pass"]);
  });

  it("is refused anywhere else", () => {
    const urls = [
      "http://example.org/",
      "https://127.0.0.1/",
      "https://[::1]/",
      "https://carillon.example.com/v1",
      "file:///etc/passwd",
      "ftp://example.org/",
    ];
    expect(urls.map((url) => kindOf(url))).toEqual(urls.map(() => "refused"));
  });

  it("is never another part of this deployment, also where the rules would let it through", () => {
    expect(kindOf("https://carillon.example.com/v1/me", OWN)).toBe("refused");
    const local: ShotPage = { kind: "own", url: "http://localhost:8787/p", open: async () => new Response() };
    const asked = { url: "http://localhost:8787/v1/me", method: "GET", isPage: false };
    expect(judge(asked, local, { allowLoopback: true, ownHosts: [] }).kind).toBe("refused");
    expect(judge({ ...asked, url: "http://localhost:8787/favicon.ico" }, local, RULES).kind).toBe("absent");
  });
});
