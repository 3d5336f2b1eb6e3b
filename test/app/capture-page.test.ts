/** The app as it is captured: everything to be seen, nothing to be used. What it looks like: `test/browser`. */
import { describe, expect, it } from "vitest";
import { appPages } from "../../src/app/app.tsx";
import type { CaptureCaption } from "../../src/domain/app-view.ts";
import type { Json } from "../../src/domain/json.ts";
import { decode, elementsOf } from "./elements.ts";
import { NINE, RUN, viewOf } from "./views.ts";

const CAPTION: CaptureCaption = {
  formats: ["png", "pdf"],
  schedule: "every day at 9:00 AM in Europe/Berlin",
  scheduledFor: NINE,
  ranAt: NINE + 90_000,
};

const drawn = (value: Json, more: Partial<CaptureCaption> = {}): string =>
  appPages.capturePage(viewOf({ "daily-report": value }, { home: "/app" }), { ...CAPTION, ...more });

const footOf = (html: string): string =>
  decode((/<footer>(.*)<\/footer>/s.exec(html)?.[1] ?? "").replaceAll(/<[^>]*>/g, " ")).replaceAll(/\s+/g, " ");

describe("the page of a capture", () => {
  it("has nothing to press, to follow or to skip to", async () => {
    const html = drawn(["x", { kind: "html", html: "y" }]);
    const elements = await elementsOf(html);
    for (const tag of ["a", "button", "form", "nav", "input"])
      expect([tag, elements.filter((one) => one.tag === tag)]).toEqual([tag, []]);
    expect(html).not.toContain("http-equiv");
  });

  it("says on its root which run it shows, that it is captured and in which formats, and when it is ready", async () => {
    const rootOf = async (html: string) => (await elementsOf(html)).find(({ tag }) => tag === "html")?.attributes;
    expect(await rootOf(drawn("x"))).toMatchObject({
      "data-carillon-ready": "true",
      "data-carillon-run": RUN,
      "data-carillon-capture": "png-pdf",
    });
    expect(await rootOf(drawn({ kind: "html", html: "x" }, { formats: ["pdf"] }))).toMatchObject({
      "data-carillon-ready": "false",
      "data-carillon-capture": "pdf",
    });
  });

  it("has at its foot the project, the schedule, and when it was due and ran, with the zone", () => {
    expect(footOf(drawn("x"))).toBe(
      " Reports every day at 9:00 AM in Europe/Berlin due 15 Jan 2027, 10:00 Europe/Berlin (09:00 UTC) ran 15 Jan 2027, 10:01 Europe/Berlin (09:01 UTC) Made with Carillon ",
    );
    const alone = footOf(drawn("x", { schedule: null, ranAt: null }));
    expect(alone).toBe(" Reports due 15 Jan 2027, 10:00 Europe/Berlin (09:00 UTC) Made with Carillon ");
  });

  it("keeps links that are whole by themselves, and of others the words: a print must not make the page's address of them", async () => {
    const text =
      "[x]() [y](/z) [q](?a) [f](#f) [r](a/b) [h](//other.example) [w](https://example.com/a) [m](mailto:a@example.com)";
    const links = (await elementsOf(drawn({ kind: "markdown", text }))).filter(({ tag }) => tag === "a");
    expect(links).toHaveLength(8);
    expect(links.map(({ attributes }) => attributes.href).filter((href) => href !== undefined)).toEqual([
      "https://example.com/a",
      "mailto:a@example.com",
    ]);
  });

  it("runs the one script that the policy names, and no other", async () => {
    const [, script = ""] = /<script>([\s\S]*?)<\/script>/.exec(drawn("<script>alert(1)</script>")) ?? [];
    const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(script));
    expect(appPages.policy).toContain(`script-src 'sha256-${Buffer.from(hash).toString("base64")}'`);
    const scripts = (await elementsOf(drawn("<script>alert(1)</script>"))).filter(({ tag }) => tag === "script");
    expect(scripts).toHaveLength(1);
  });

  it("takes what stands at its foot for text", () => {
    const html = drawn("x", { schedule: "<script>alert(1)</script>" });
    expect(html).toContain("<span>&lt;script&gt;alert(1)&lt;/script&gt;</span>");
  });
});
