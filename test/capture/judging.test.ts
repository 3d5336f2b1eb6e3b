/** The rules of the camera that need no browser: which requests pass, what evidence keeps, how long a server wants to be left. */
import { describe, expect, it } from "vitest";
import { discreet, discreetUrl } from "../../src/capture/discretion.ts";
import { judge } from "../../src/capture/judging.ts";
import { footerOf, pagesOf } from "../../src/capture/print.ts";
import { readRetryAfter } from "../../src/capture/retry-after.ts";
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

describe("evidence", () => {
  it("holds no token, wherever it stands", () => {
    const said = discreet("at https://a.example/?carillon_token=cpt_ab.c-d&x=1 and ?token=t; header cpt_zz");
    expect(said).toBe("at https://a.example/?carillon_token=…&x=1 and ?token=…; header cpt_…");
  });

  it("is short, printable, and without the contents of what is its own address", () => {
    expect(discreet("x".repeat(10_000))).toHaveLength(300);
    expect(discreet("a\u001b[31mb")).toBe("a\ufffd[31mb");
    expect(discreetUrl(`data:image/png;base64,${"A".repeat(1_000)}`)).toBe("data:image/png;base64,…");
  });

  it("has no part of a token that is cut off with the rest", () => {
    expect(discreet(`${"x".repeat(590)} cpt_${"s".repeat(50)}`)).not.toContain("ss");
  });
});

it("Retry-After is read in seconds and as a date, and nothing else", () => {
  const now = Date.UTC(2027, 0, 1);
  expect(readRetryAfter("7", now)).toBe(7_000);
  expect(readRetryAfter(new Date(now + 9_000).toUTCString(), now)).toBe(9_000);
  expect(readRetryAfter(new Date(now - 9_000).toUTCString(), now)).toBe(0);
  expect([readRetryAfter("soon", now), readRetryAfter("", now), readRetryAfter(null, now)]).toEqual([null, null, null]);
});

it("a PDF's sheets are counted at the root of its page tree", () => {
  const pdf =
    "1 0 obj\n<</Type /Pages\n/Count 8\n/Kids [3 0 R]>>\nendobj\n2 0 obj\n<</Type /Pages\n/Kids [1 0 R]\n/Count 12>>\nendobj\n4 0 obj\n<</Type /Outlines /Count 99>>\nendobj";
  expect(pagesOf(new TextEncoder().encode(pdf))).toBe(12);
  expect(pagesOf(new TextEncoder().encode("nothing"))).toBe(0);
});

it("a footer is text, whatever the names in it are", () => {
  const footer = footerOf({ project: "<b>&\"'", schedule: "<i>", scheduledFor: 0, ranAt: 1_000, timezone: "UTC" });
  expect(footer).toContain("&lt;b&gt;&amp;&quot;&#39; · &lt;i&gt;");
  expect(footer).toContain("due 1970-01-01 00:00 / ran 1970-01-01 00:00:01 UTC");
});
