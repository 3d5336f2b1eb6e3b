/** Pictures and prints by their contents: pixels at places, words and pages. */
import { afterAll, describe, expect, it } from "vitest";
import { appPages } from "../../src/app/app.tsx";
import { DEFAULT_LAYOUT, HEIGHT_MAX } from "../../src/domain/captures/capture.ts";
import { NINE, RUN as VIEW_RUN, viewOf } from "../app/views.ts";
import { textOf } from "../support/pdf-text.ts";
import {
  closeTheBrowser,
  externalShot,
  flagged,
  ownShot,
  PATIENCE,
  type Pixels,
  pixelsOf,
  TOOLS,
  take,
  taken,
} from "../support/shots.ts";

afterAll(closeTheBrowser);

const PLAIN = "<style>body{margin:0;font:16px sans-serif}</style>";

/** Bands of a hundred pixels, each of a colour that says which one it is. */
const bands = (count: number): string =>
  Array.from({ length: count }, (_, at) => `<div style="height:100px;background:${colourOf(at)}">${at}</div>`).join("");

const colourOf = (at: number): string =>
  `#${[(at * 37) % 256, (at * 91) % 256, 128].map((part) => part.toString(16).padStart(2, "0")).join("")}`;

/** Narrow, where the promise is about the height: a picture takes as long as it has pixels. */
const NARROW = { ...DEFAULT_LAYOUT, width: 400 };

const ROWS = Array.from({ length: 100 }, (_, at) => `<p>row ${at}.</p>`).join("");

describe("a picture", () => {
  it("shows the whole page at two pixels for each of its own, at the project's width", async () => {
    const layout = { width: 1_000, paper: "a4", orientation: "portrait" } as const;
    const { png } = await taken(ownShot(flagged(bands(12), PLAIN), { layout }));
    const { width, height, at } = pixelsOf(png.bytes);
    expect([width, height]).toEqual([2_000, 2_400]);
    expect([at(1_500, 150), at(1_500, 2_350)]).toEqual([colourOf(0), colourOf(11)]);
    expect(png.picture).toEqual({
      width,
      height,
      deviceScale: 2,
      pageWidth: 1_000,
      pageHeight: 1_200,
      isCut: false,
      tiles: 1,
    });
  });

  it("of a long page is joined from tiles, without a seam", async () => {
    const { png } = await taken(ownShot(flagged(bands(60), PLAIN), { layout: DEFAULT_LAYOUT }));
    const { width, height, at } = pixelsOf(png.bytes);
    expect([width, height]).toEqual([2_560, 12_000]);
    expect(png.picture?.tiles).toBeGreaterThan(4);
    for (let band = 0; band < 60; band += 1) {
      // Both edges and the middle of each band, so that a seam anywhere would be seen.
      const seen = [0, 99, 199].map((down) => at(2_000, band * 200 + down));
      expect(seen, `band ${band}`).toEqual([colourOf(band), colourOf(band), colourOf(band)]);
    }
  });

  it("is cut where it would be too high, says so on itself and in its facts, and speaks of the PDF only where one with all of it is taken too", async () => {
    const html = flagged(bands(130), PLAIN);
    // The words of its strip fit in just so.
    const layout = { ...NARROW, width: 800 };
    const lengthOf = ({ width, height, at }: Pixels): number => {
      const columns = Array.from({ length: width }, (_, x) => x);
      // A column of the strip that has some of its words.
      return columns.filter((x) => [20, 24, 28, 32, 36, 40, 44, 48].some((up) => at(x, height - up) === "#ffffff"))
        .length;
    };
    const { png, pdf } = await taken(ownShot(html, { formats: ["png", "pdf"], layout }));
    const pixels = pixelsOf(png.bytes);
    const { height, at } = pixels;
    expect(png.picture).toMatchObject({ height: HEIGHT_MAX * 2, pageHeight: 13_000, isCut: true });
    // The strip lies over the lower part of the last band.
    expect([at(1_590, height - 150), at(1_590, height - 40), at(1_590, height - 2)]).toEqual([
      colourOf(119),
      "#1f2328",
      "#1f2328",
    ]);
    const words = (await textOf(pdf.bytes)).join(" ");
    expect(words).toContain("129");
    expect(words).not.toContain("Cut here");
    const alone = pixelsOf((await taken(ownShot(html, { formats: ["png"], layout }))).png.bytes);
    expect(lengthOf(pixels)).toBeGreaterThan(lengthOf(alone) * 1.2);
  });

  it("is wider where the page is, up to a cap", async () => {
    const wide = (width: number) =>
      flagged(
        `<div style="width:${width}px;height:900px;background:linear-gradient(90deg,#ff0000 0 50px,#00ff00 50px calc(100% - 100px),#0000ff 0)"></div>`,
        PLAIN,
      );
    const { png } = await taken(ownShot(wide(3_000)));
    const { width, at } = pixelsOf(png.bytes);
    expect(width).toBe(6_000);
    expect([at(50, 100), at(5_900, 1_700)]).toEqual(["#ff0000", "#0000ff"]);
  });

  it("is cut where it would be too wide, and says so below what it shows", async () => {
    const html = flagged(`<div style="width:9000px;height:900px;background:#00ff00">Hello</div>`, PLAIN);
    const { png } = await taken(ownShot(html));
    expect(png.picture).toMatchObject({ width: 8_192, height: 1_880, pageWidth: 9_000, pageHeight: 900, isCut: true });
    const { at } = pixelsOf(png.bytes);
    expect([at(8_000, 1_790), at(8_000, 1_860)]).toEqual(["#00ff00", "#1f2328"]);
  });

  it("shows all of a part that scrolls by itself, where the document does not", async () => {
    const html = flagged(`<div style="height:100vh;overflow:auto">${bands(30)}</div>`, PLAIN);
    const { height, at } = pixelsOf((await taken(ownShot(html, { layout: NARROW }))).png.bytes);
    expect(height).toBe(6_000);
    expect(at(700, 5_950)).toBe(colourOf(29));
  });

  it("of a part that scrolls by itself is cut like any other, and knows how high it is", async () => {
    const html = flagged(`<div style="height:100vh;overflow:auto">${bands(240)}</div>`, PLAIN);
    const { png } = await taken(ownShot(html, { layout: NARROW }));
    expect(png.picture).toMatchObject({ height: HEIGHT_MAX * 2, pageHeight: 24_000, isCut: true });
    expect(pixelsOf(png.bytes).at(700, HEIGHT_MAX * 2 - 2)).toBe("#1f2328");
  });

  it.each([
    ["a share of the window's height", "60vh"],
    ["a height of its own", "500px"],
  ])("shows all of a part that scrolls and has %s", async (_what, high) => {
    const { png } = await taken(externalShot(`/part?high=${high}`, { layout: NARROW }));
    expect(png.picture?.isCut).toBe(false);
    expect(png.picture?.pageHeight).toBeGreaterThanOrEqual(3_000);
  });

  it("keeps what is as high as the screen so, and what is fixed in its place", async () => {
    const html = flagged(
      `<div style="height:100vh;background:#ff0000"></div><div style="height:3000px;background:#00ff00"></div>
       <div style="position:fixed;top:0;right:0;width:100px;height:100px;background:#0000ff"></div>`,
      PLAIN,
    );
    const { height, at } = pixelsOf((await taken(ownShot(html))).png.bytes);
    expect(height).toBe(6_800);
    expect([at(10, 790), at(10, 810)]).toEqual(["#ff0000", "#00ff00"]);
    expect([at(1_250, 100), at(1_250, 3_000), at(1_250, 5_000)]).toEqual(["#0000ff", "#00ff00", "#00ff00"]);
  });

  it("is as high as what is on it, of a page of ours, and no lower than a window, of another", async () => {
    const { png } = await taken(ownShot(flagged('<div style="height:500px">Short 42</div>', PLAIN)));
    expect(png.picture).toMatchObject({ height: 1_000, pageHeight: 500 });
    expect((await taken(externalShot("/good"))).png.picture).toMatchObject({ height: 1_600 });
  });

  it("has a preview at one pixel for each, smaller where the page is long, and down to a half", async () => {
    const previewOf = async (count: number) =>
      (await taken(ownShot(flagged(bands(count), PLAIN), { layout: NARROW }))).png.preview;
    expect(await previewOf(20)).toMatchObject({ width: 400, height: 2_000, isCut: false });
    const [smaller, cut] = [await previewOf(60), await previewOf(100)];
    expect(smaller).toMatchObject({ type: "image/png", height: 4_000, isCut: false });
    expect(pixelsOf(smaller?.bytes ?? new Uint8Array()).at(200, 3_970)).toBe(colourOf(59));
    expect(cut).toMatchObject({ width: 200, height: 4_000, isCut: true });
    const { at } = pixelsOf(cut?.bytes ?? new Uint8Array());
    expect([at(150, 3_910), at(190, 3_998)]).toEqual([colourOf(78), "#1f2328"]);
  });

  it("has a preview as WebP where it is a photograph, and none where the picture is too large, which keeps no print back", async () => {
    const noise = (height: number) =>
      flagged(
        "<style>@media print { canvas { display: none !important } }</style>Words" +
          `<canvas id="c" width="2560" height="${height}" style="width:1280px;display:block"></canvas><script>
         const d = c.getContext("2d"), i = d.createImageData(2560, ${height});
         for (let at = 0; at < i.data.length; at += 65536) crypto.getRandomValues(i.data.subarray(at, at + 65536));
         for (let at = 3; at < i.data.length; at += 4) i.data[at] = 255;
         d.putImageData(i, 0, 0)</script>`,
        PLAIN,
      );
    const { preview } = (await taken(ownShot(noise(800)))).png;
    expect(preview?.type).toBe("image/webp");
    expect(new TextDecoder().decode(preview?.bytes.slice(8, 12))).toBe("WEBP");
    const outcome = await take(ownShot(noise(3_200), { formats: ["png", "pdf"] }));
    const failure = { reason: "too_large", message: "The picture is larger than 20 MiB." };
    expect(outcome).toMatchObject({ ok: true, taken: [{ format: "pdf" }], failed: [{ format: "png", failure }] });
  });
});

describe("a print", () => {
  it("holds the page's words, in its print style, and says on every sheet what it is of", async () => {
    const html = flagged(bands(40), `${PLAIN}<style>@media print { body::before { content: "On paper" } }</style>`);
    const { pdf } = await taken(ownShot(html, { formats: ["pdf"] }));
    const pages = await textOf(pdf.bytes);
    expect(pdf.print).toEqual({ pages: pages.length, isCut: false });
    expect(pages.length).toBeGreaterThan(2);
    expect(pages[0]).toContain("On paper");
    expect(pages.join(" ")).toContain("39");
    pages.forEach((text, at) => {
      expect(text).toContain("Sales · every day at 9:00");
      expect(text).toContain("due 2027-01-15 09:00 / ran 2027-01-15 09:00:02 Europe/Berlin");
      expect(text).toContain(`page ${at + 1} of ${pages.length}`);
    });
  });

  it("counts the sheets of a long one right", async () => {
    const rows = Array.from({ length: 600 }, (_, at) => `<tr><td>row ${at}</td></tr>`).join("");
    const { pdf } = await taken(ownShot(flagged(`<table>${rows}</table>`), { formats: ["pdf"] }));
    const pages = await textOf(pdf.bytes);
    // No branch of its page tree has more than eight.
    expect(pages.length).toBeGreaterThan(8);
    expect(pdf.print?.pages).toBe(pages.length);
    expect(pages.join(" ")).toContain("row 599");
  });

  it.each([
    ["as high as the window", `<div style="height:100vh;overflow:auto">${ROWS}</div>`],
    [
      "beside a menu, in a body that does not scroll",
      `<style>html,body{height:100%;margin:0;overflow:hidden} #app{display:flex;height:100%} nav{width:240px}
       #side{flex:1;display:flex;flex-direction:column;min-height:0} main{flex:1 1 0;min-height:0;overflow-y:auto}</style>
       <div id="app"><nav>Menu</nav><div id="side"><header>Head</header><main>${ROWS}</main></div></div>`,
    ],
    [
      "laid over the page, against the page's own rules",
      `<style>main{position:fixed;inset:0;max-height:100vh!important;overflow:auto!important;transition:all 3s}</style><main>${ROWS}</main>`,
    ],
    [
      "drawn by a component",
      `<x-app></x-app><script>customElements.define("x-app", class extends HTMLElement { constructor() { super();
       this.attachShadow({ mode: "open" }).innerHTML = \`<div style="height:100vh;overflow:auto">${ROWS}</div>\`; } })</script>`,
    ],
  ])("has all of a part that scrolls by itself: %s", async (_what, body) => {
    const { pdf } = await taken(ownShot(flagged(body), { formats: ["pdf"] }));
    const pages = await textOf(pdf.bytes);
    for (const at of [0, 49, 99]) expect(pages.join(" ")).toContain(`row ${at}.`);
    expect(pdf.print).toEqual({ pages: pages.length, isCut: false });
    expect(pages.length).toBeLessThan(6);
  });

  it("has what is loaded only when it is scrolled to, however far down, also in a part that scrolls", async () => {
    for (const path of ["/lazy-far", "/lazy-inside"]) {
      const { png, pdf } = await taken(externalShot(path, { formats: ["png", "pdf"], layout: NARROW }));
      expect((await textOf(pdf.bytes)).join(" "), path).toContain("The end is 42");
      expect(png.picture).toMatchObject({ isCut: true });
    }
  });

  it("of a page that could not be scrolled through in time says so in its evidence", async () => {
    const tools = { ...TOOLS, patience: { ...PATIENCE, scroll: 1 } };
    const { evidence } = await take(externalShot("/lazy-far", { formats: ["pdf"], layout: NARROW }), tools);
    expect(evidence.waits).toContainEqual(expect.objectContaining({ name: "scroll", passed: false }));
  });

  it("is cut where the page is wider than can be printed, and says so in its facts", async () => {
    const wide = (width: number) => flagged(`<h1>Hello</h1><div style="width:${width}px">.</div>`, PLAIN);
    const printOf = async (width: number) => (await taken(ownShot(wide(width), { formats: ["pdf"] }))).pdf.print;
    expect(await printOf(1_900)).toMatchObject({ isCut: false });
    expect(await printOf(2_300)).toMatchObject({ isCut: true });
  });

  it("of Carillon's own page breaks through no chart", async () => {
    const rows = Array.from({ length: 9 }, (_, at) => ({ day: `2027-01-0${at + 1}`, orders: (at * 7) % 5 }));
    const chart = { kind: "chart", type: "line", title: "Orders", rows, x: "day", y: "orders" };
    const capture = { formats: ["pdf"] as const, schedule: "every day", scheduledFor: NINE, ranAt: NINE };
    const html = appPages.capturePage(viewOf({ charts: [chart, chart, chart, chart, chart] }), capture);
    const { pdf } = await taken(ownShot(html, { run: VIEW_RUN, formats: ["pdf"] }));
    const pages = await textOf(pdf.bytes);
    expect(pages.length).toBeGreaterThan(1);
    // Each has nine days along its bottom; one that a break went through has them on another sheet than its title.
    const count = (text: string, word: string): number => text.split(word).length - 1;
    for (const text of pages) expect(count(text, "9 Jan")).toBe(count(text, "Orders"));
    expect(count(pages.join(" "), "Orders")).toBe(5);
  });

  it("is on the paper that the project wants, and small enough for what is wide", async () => {
    const cells = Array.from({ length: 30 }, (_, at) => `<td style="min-width:60px">column${at}</td>`).join("");
    const html = flagged(`<table><tr>${cells}</tr></table>`);
    const layout = { width: 1_280, paper: "letter", orientation: "landscape" } as const;
    const { pdf } = await taken(ownShot(html, { formats: ["pdf"], layout }));
    const document = new TextDecoder("latin1").decode(pdf.bytes);
    expect(document).toMatch(/\/MediaBox \[0 0 792 612\]/);
    expect((await textOf(pdf.bytes)).join(" ")).toContain("column29");
    expect(pdf.print?.pages).toBe(1);
  });

  it("has a footer that no name can write into", async () => {
    const caption = {
      project: `</span><img src=x onerror=1><b>"Sales" & 'co'`,
      ...{ schedule: null, scheduledFor: 0, ranAt: null, timezone: "UTC" },
    };
    const { pdf } = await taken(ownShot(flagged("<h1>Hello</h1>"), { formats: ["pdf"], caption }));
    const [text] = await textOf(pdf.bytes);
    expect(text).toContain(`</span><img src=x onerror=1><b>"Sales" & 'co'`);
    expect(text).toContain("due 1970-01-01 00:00 UTC");
    expect(text).not.toContain("ran");
  });
});

it("both formats come of one load of the page", async () => {
  let loads = 0;
  const html = flagged("<h1>Hello 42</h1>");
  const open = () => {
    loads += 1;
    return new Response(html, { headers: { "content-type": "text/html" } });
  };
  const { png, pdf } = await taken(ownShot(open, { formats: ["png", "pdf"], layout: DEFAULT_LAYOUT }));
  expect(loads).toBe(1);
  expect(pixelsOf(png.bytes).width).toBe(2_560);
  expect((await textOf(pdf.bytes)).join()).toContain("Hello 42");
});
