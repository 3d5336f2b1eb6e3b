/** Pictures and prints by their contents: pixels at places, words and pages. */
import { afterAll, describe, expect, it } from "vitest";
import { HEIGHT_MAX } from "../../src/domain/captures/capture.ts";
import { textOf } from "../support/pdf-text.ts";
import { closeTheBrowser, failure, flagged, ownShot, pixelsOf, taken } from "../support/shots.ts";

afterAll(closeTheBrowser);

const PLAIN = "<style>body{margin:0;font:16px sans-serif}</style>";

/** Bands of a hundred pixels, each of a colour that says which one it is. */
const bands = (count: number): string =>
  Array.from({ length: count }, (_, at) => `<div style="height:100px;background:${colourOf(at)}">${at}</div>`).join("");

const colourOf = (at: number): string =>
  `#${[(at * 37) % 256, (at * 91) % 256, 128].map((part) => part.toString(16).padStart(2, "0")).join("")}`;

describe("a picture", () => {
  it("shows the whole page at two pixels for each of its own, at the project's width", async () => {
    const layout = { width: 1_000, paper: "a4", orientation: "portrait" } as const;
    const { png } = await taken(ownShot(flagged(bands(12), PLAIN), { layout }));
    const { width, height, at } = pixelsOf(png.bytes);
    expect([width, height]).toEqual([2_000, 2_400]);
    expect([at(1_500, 150), at(1_500, 2_350)]).toEqual([colourOf(0), colourOf(11)]);
    expect(png.picture).toEqual({ width, height, deviceScale: 2, pageHeight: 1_200, isCut: false, tiles: 1 });
  });

  it("of a long page is joined from tiles, without a seam", async () => {
    const { png } = await taken(ownShot(flagged(bands(60), PLAIN)));
    const { width, height, at } = pixelsOf(png.bytes);
    expect([width, height]).toEqual([2_560, 12_000]);
    expect(png.picture?.tiles).toBeGreaterThan(4);
    for (let band = 0; band < 60; band += 1) {
      // Both edges and the middle of each band, so that a seam anywhere would be seen.
      const seen = [0, 99, 199].map((down) => at(2_000, band * 200 + down));
      expect(seen, `band ${band}`).toEqual([colourOf(band), colourOf(band), colourOf(band)]);
    }
  });

  it("is cut where it would be too high, and says so on itself and in its facts", async () => {
    const { png, pdf } = await taken(ownShot(flagged(bands(130), PLAIN), { formats: ["png", "pdf"] }));
    const { height, at } = pixelsOf(png.bytes);
    expect(png.picture).toMatchObject({ height: HEIGHT_MAX * 2, pageHeight: 13_000, isCut: true });
    // The strip lies over the lower part of the last band.
    expect([at(2_000, height - 150), at(2_000, height - 40), at(2_000, height - 2)]).toEqual([
      colourOf(119),
      "#1f2328",
      "#1f2328",
    ]);
    const words = (await textOf(pdf.bytes)).join(" ");
    expect(words).toContain("129");
    expect(words).not.toContain("Cut here");
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
    expect((await taken(ownShot(wide(9_000)))).png.picture?.width).toBe(8_192);
  });

  it("shows all of a part that scrolls by itself, where the document does not", async () => {
    const html = flagged(`<div style="height:100vh;overflow:auto">${bands(30)}</div>`, PLAIN);
    const { height, at } = pixelsOf((await taken(ownShot(html))).png.bytes);
    expect(height).toBe(6_000);
    expect(at(2_000, 5_950)).toBe(colourOf(29));
  });

  it("keeps what is as high as the screen so, and what is fixed in its place", async () => {
    const html = flagged(
      `<div style="height:100vh;background:#ff0000"></div><div style="height:3000px;background:#00ff00"></div>
       <div style="position:fixed;top:0;right:0;width:100px;height:100px;background:#0000ff"></div>`,
      PLAIN,
    );
    const { height, at } = pixelsOf((await taken(ownShot(html))).png.bytes);
    expect(height).toBe(7_600);
    expect([at(10, 1_590), at(10, 1_610)]).toEqual(["#ff0000", "#00ff00"]);
    expect([at(2_500, 100), at(2_500, 3_000), at(2_500, 5_000)]).toEqual(["#0000ff", "#00ff00", "#00ff00"]);
  });

  it("has a preview at one pixel for each, of the page's upper part", async () => {
    const { preview } = (await taken(ownShot(flagged(bands(60), PLAIN)))).png;
    expect(preview).toMatchObject({ type: "image/png", width: 1_280, height: 4_000 });
    expect(pixelsOf(preview?.bytes ?? new Uint8Array()).at(1_000, 3_950)).toBe(colourOf(39));
  });

  it("has a preview as WebP where it is a photograph, and none at all where it would be too large", async () => {
    const noise = (height: number) =>
      flagged(
        `<canvas id="c" width="2560" height="${height}" style="width:1280px;display:block"></canvas><script>
         const d = c.getContext("2d"), i = d.createImageData(2560, ${height});
         for (let at = 0; at < i.data.length; at += 65536) crypto.getRandomValues(i.data.subarray(at, at + 65536));
         for (let at = 3; at < i.data.length; at += 4) i.data[at] = 255;
         d.putImageData(i, 0, 0)</script>`,
        PLAIN,
      );
    const { preview } = (await taken(ownShot(noise(1_600)))).png;
    expect(preview?.type).toBe("image/webp");
    expect(new TextDecoder().decode(preview?.bytes.slice(8, 12))).toBe("WEBP");
    const outcome = await failure(ownShot(noise(6_000)), "too_large");
    expect(outcome.failure.message).toBe("The picture is larger than 20 MiB.");
  });
});

describe("a print", () => {
  it("holds the page's words, in its print style, and says on every sheet what it is of", async () => {
    const html = flagged(bands(40), `${PLAIN}<style>@media print { body::before { content: "On paper" } }</style>`);
    const { pdf } = await taken(ownShot(html, { formats: ["pdf"] }));
    const pages = await textOf(pdf.bytes);
    expect(pdf.print).toEqual({ pages: pages.length });
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
    const rows = Array.from({ length: 2_000 }, (_, at) => `<tr><td>row ${at}</td></tr>`).join("");
    const { pdf } = await taken(ownShot(flagged(`<table>${rows}</table>`), { formats: ["pdf"] }));
    const pages = await textOf(pdf.bytes);
    expect(pdf.print?.pages).toBe(pages.length);
    expect(pages.join(" ")).toContain("row 1999");
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
  const { png, pdf } = await taken(ownShot(open, { formats: ["png", "pdf"] }));
  expect(loads).toBe(1);
  expect(pixelsOf(png.bytes).width).toBe(2_560);
  expect((await textOf(pdf.bytes)).join()).toContain("Hello 42");
});
