/** The page of the app: what it holds of every kind of block, and what hostile values cannot make of it. */
import { describe, expect, it, vi } from "vitest";
import { appPages } from "../../src/app/app.tsx";
import type { Json } from "../../src/domain/json.ts";
import { decode, elementsOf } from "./elements.ts";
import { viewOf } from "./views.ts";

const drawn = (value: Json): string => appPages.fragment(viewOf({ "daily-report": value }));
const page = (value: Json): string => appPages.page(viewOf({ "daily-report": value }));

/** The words of a fragment, tags aside. */
const wordsOf = (html: string): string => decode(html.replaceAll(/<[^>]*>/g, " ")).replaceAll(/\s+/g, " ");

describe("the page", () => {
  it("has one heading for the project, one for each function, and one for each title, none skipped", async () => {
    const html = page([
      { kind: "text", text: "x", title: "A title" },
      { kind: "markdown", text: "# One\n\n## Two" },
    ]);
    const headings = (await elementsOf(html)).filter(({ tag }) => /^h\d$/.test(tag)).map(({ tag }) => tag);
    expect(headings).toEqual(["h1", "h2", "h3", "h3", "h4"]);
    expect(html).toContain("<h1>Reports</h1>");
    expect(html).toMatch(/<h2 id="s0-h">Daily report<\/h2>/);
  });

  it("says when its state is from, in the project's zone and in UTC", () => {
    expect(wordsOf(page(1))).toContain("As of 15 Jan 2027, 10:00 Europe/Berlin (09:00 UTC) finished 4 s later");
  });

  it("is small, and holds one script, which is the one that its policy names", async () => {
    const html = page("x");
    expect(html.length).toBeLessThan(20_000);
    const [, script = ""] = /<script>([\s\S]*?)<\/script>/.exec(html) ?? [];
    const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(script));
    expect(appPages.policy).toContain(`script-src 'sha256-${Buffer.from(hash).toString("base64")}'`);
    expect((await elementsOf(html)).filter(({ tag }) => tag === "script")).toHaveLength(1);
  });

  it("is ready at once when nothing has to load, and otherwise when the script says so", () => {
    expect(page("x")).toContain('data-carillon-ready="true"');
    expect(page("<iframe> and <img>")).toContain('data-carillon-ready="true"');
    expect(page({ kind: "html", html: "x" })).toContain('data-carillon-ready="false"');
    expect(page({ kind: "markdown", text: "![a](https://example.com/a.png)" })).toContain(
      'data-carillon-ready="false"',
    );
    expect(appPages.page(viewOf({ work: 1 }, { isPending: true }))).toContain('data-carillon-ready="false"');
  });

  it("loads itself again while a run goes on, where it has no script to hear of it", () => {
    const reload = '<meta http-equiv="refresh" content="2"/>';
    expect(appPages.page(viewOf({ work: 1 }))).not.toContain("refresh");
    expect(appPages.page(viewOf({ work: 1 }, { isPending: true }))).toContain(`</style>${reload}`);
    const followed = appPages.page(viewOf({ work: 1 }, { isPending: true, events: "/events" }));
    expect(followed).toContain(`<noscript>${reload}</noscript>`);
  });

  it("says why there is nothing to see", () => {
    const html = appPages.refusal({ title: "Gone <b>", detail: "It is away.", requestId: "019b" });
    expect(html).toMatch(/^<!DOCTYPE html><html lang="en">/);
    expect(html).toContain("<h1>Gone &lt;b&gt;</h1>");
  });
});

describe("a block", () => {
  it("of text keeps its lines", () => {
    expect(drawn({ kind: "text", text: "one\ntwo" })).toContain('<p class="plain" dir="auto">one\ntwo</p>');
  });

  it("that is a table has a caption, heads of columns and of rows", () => {
    const html = drawn({ kind: "table", rows: [{ day: "Mon", orders: 12, paid: null }], title: "Orders" });
    expect(html).toContain('<caption class="heard">Orders</caption>');
    expect(html).toContain('<th scope="col" class="right">orders</th>');
    expect(html).toContain('<tr><th scope="row">Mon</th><td class="right">12</td><td>–</td></tr>');
  });

  it("that is a metric says its change in words", () => {
    const metric = (change: number | string) =>
      wordsOf(drawn({ kind: "metric", label: "Orders", value: 1_234.5, change }));
    expect(metric(12.34)).toContain("Orders 1,234.5 ▲ up 12.34%");
    expect(metric(-3)).toContain("▼ down 3%");
    expect(metric(0)).toContain("unchanged");
    expect(metric("3 more than on Monday")).toContain("3 more than on Monday");
  });

  it("that is a metric stands beside the metrics around it", () => {
    const metric = { kind: "metric", label: "Orders", value: 1 };
    expect(drawn([metric, metric, "text", metric]).match(/<dl /g)).toHaveLength(2);
  });

  it("that is html stands in a frame that may do nothing", async () => {
    const html = "<b>bold</b><script>alert(1)</script>";
    const [frame] = (await elementsOf(drawn({ kind: "html", html, height: 120, title: "Map" }))).filter(
      ({ tag }) => tag === "iframe",
    );
    expect(frame?.attributes).toMatchObject({ sandbox: "", title: "Map", style: "height:120px" });
    expect(decode(frame?.attributes.srcdoc ?? "")).toBe(html);
  });

  it("that cannot be shown says where it is wrong and what would be right", () => {
    const words = wordsOf(drawn({ kind: "chart", type: "pie", rows: [], x: "a", y: "b" }));
    expect(words).toContain('At /type : It is the string "pie". Expected: line, bar, area, scatter.');
  });

  it("that is left out in part says so", () => {
    const rows = Array.from({ length: 5_010 }, (_, index) => ({ index }));
    const html = drawn({ kind: "table", rows });
    expect(wordsOf(html)).toContain("10 more rows are not shown.");
    expect(html.match(/<tr>/g)).toHaveLength(5_001);
  });
});

describe("a block that cannot be drawn", () => {
  it("is noted, and leaves the rest of the page as it is", () => {
    const noted = vi.spyOn(console, "error").mockImplementation(() => {});
    const view = viewOf({ first: "before", second: "after" });
    const broken = { kind: "chart", y: ["a"], rows: null, notes: [] };
    const [first, ...rest] = view.sections;
    const html = appPages.fragment({ ...view, sections: [{ ...first, blocks: [broken] }, ...rest] } as never);
    expect(wordsOf(html)).toContain("This chart block could not be drawn.");
    expect(wordsOf(html)).toContain("after");
    expect(noted).toHaveBeenCalledOnce();
    noted.mockRestore();
  });
});

describe("hostile values", () => {
  const SCRIPTS = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    "</iframe><script>alert(1)</script>",
    "</title></style><script>alert(1)</script>",
    "--><script>alert(1)</script><!--",
    "<![CDATA[<script>alert(1)</script>]]>",
    "javascript:alert(1)",
    "\u0000<script>\u2028\u2029",
  ];
  const PLACES: readonly (readonly [string, (evil: string) => Json])[] = [
    ["a text", (evil) => evil],
    ["a text block", (evil) => ({ kind: "text", text: evil, title: evil })],
    ["markdown", (evil) => ({ kind: "markdown", text: evil, title: evil })],
    ["a table", (evil) => ({ kind: "table", rows: [{ [evil]: evil }], title: evil })],
    ["columns", (evil) => ({ kind: "table", rows: [{ a: 1 }], columns: [{ key: "a", label: evil }] })],
    ["a metric", (evil) => ({ kind: "metric", label: evil, value: evil, unit: evil, change: evil, note: evil })],
    [
      "a chart",
      (evil) => ({
        kind: "chart",
        type: "line",
        rows: [{ [`x${evil}`]: evil, [evil]: 1 }],
        x: `x${evil}`,
        y: evil,
        title: evil,
        unit: evil,
      }),
    ],
    ["html", (evil) => ({ kind: "html", html: evil, title: evil })],
    ["a value", (evil) => ({ [evil]: [evil] })],
    ["a malformed block", (evil) => ({ kind: "table", rows: evil })],
  ];

  it.each(PLACES)("in %s add no element and no attribute of their own", async (_, place) => {
    const shapeOf = async (text: string) => {
      const html = appPages.page(
        viewOf({ [`fn-${text.length}`]: place(text) }, { project: { ...viewOf({}).project, name: text } }),
      );
      const elements = await elementsOf(html);
      return elements.map(({ tag, attributes }) => `${tag} ${Object.keys(attributes).join(" ")}`);
    };
    const harmless = await shapeOf("nothing of it");
    for (const evil of SCRIPTS) expect([evil, await shapeOf(evil)]).toEqual([evil, harmless]);
  });

  it.each([
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](vbscript:x)",
    "[x](data:text/html,<script>alert(1)</script>)",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    "![x](javascript:alert(1))",
    '<img src="x" onerror="alert(1)">',
    '<a href="javascript:alert(1)">x</a>',
  ])("make no link of markdown that runs anything: %s", async (text) => {
    for (const { attributes } of await elementsOf(drawn({ kind: "markdown", text }))) {
      for (const [name, value] of Object.entries(attributes)) {
        expect(name).not.toMatch(/^on/);
        if (name === "href" || name === "src") expect(value).toMatch(/^(?:https?:|#|\/)/);
      }
    }
  });

  it("load pictures from nowhere but https, and leave nothing behind on the way out", async () => {
    const text =
      "![a](http://example.com/a.png) ![b](https://example.com/b.png) ![c](/c.png) [d](https://example.com/)";
    const elements = await elementsOf(drawn({ kind: "markdown", text }));
    expect(elements.filter(({ tag }) => tag === "img").map(({ attributes }) => attributes.src)).toEqual([
      "https://example.com/b.png",
    ]);
    expect(elements.find(({ tag }) => tag === "a")?.attributes.rel).toBe("noopener noreferrer");
  });

  it("take no more than a moment to draw, however much there is of them", () => {
    const nested = Array.from({ length: 5_000 }).reduce<string>((text) => `> ${text}`.slice(0, 40_000), "x");
    for (const text of [nested, "[".repeat(40_000), "*a_".repeat(12_000), "`".repeat(40_000), "![".repeat(20_000)])
      expect(drawn({ kind: "markdown", text }).length).toBeLessThan(3_000_000);
  });

  it("of any script and direction are kept as they are", () => {
    const text = "Ünïcødé 漢字 العربية 👩‍👩‍👧 \u202Eright to left";
    expect(drawn(text)).toContain(text);
  });
});
