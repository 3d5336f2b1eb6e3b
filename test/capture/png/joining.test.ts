/** Pictures are joined row by row: what a decoder that is not ours reads is what went in. No browser is needed here. */
import { decode, encode } from "fast-png";
import { expect, it } from "vitest";
import { pngData, pngEnd, pngStart, readPng, together } from "../../../src/capture/png/chunks.ts";
import { inkOf } from "../../../src/capture/png/ink.ts";
import { JoinedPng } from "../../../src/capture/png/joining.ts";
import { pixelRows, unfilter } from "../../../src/capture/png/rows.ts";

const WIDTH = 31;

/** The same pixels at every run: a plain congruential generator. */
function pixels(rows: number, channels: 3 | 4, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length: WIDTH * rows * channels }, (_, at) => {
    state = (state * 48_271) % 2_147_483_647;
    return channels === 4 && at % 4 === 3 ? 255 : state % 256;
  });
}

const pngOf = (data: Uint8Array, rows: number, channels: 3 | 4): Uint8Array =>
  encode({ width: WIDTH, height: rows, data, channels, depth: 8 });

async function joined(tiles: readonly Uint8Array[], rows: number, maxBytes = 1_000_000): Promise<Uint8Array | null> {
  const [first] = tiles;
  if (first === undefined) throw new Error("Nothing to join");
  const png = new JoinedPng({ ...readPng(first).header, height: rows }, { maxBytes });
  for (const tile of tiles) await png.add(tile);
  return png.finish();
}

const decoded = (png: Uint8Array | null) => decode(png ?? new Uint8Array(), { checkCrc: true });

it("tiles of both colour types are joined into their pixels", async () => {
  for (const channels of [3, 4] as const) {
    const parts = [pixels(7, channels, 1), pixels(5, channels, 2), pixels(1, channels, 3)];
    const tiles = parts.map((part) => pngOf(part, part.length / WIDTH / channels, channels));
    const { width, height, data, channels: read } = decoded(await joined(tiles, 13));
    expect([width, height, read]).toEqual([WIDTH, 13, channels]);
    expect(Buffer.from(data).equals(together(parts))).toBe(true);
  }
});

it.each([0, 1, 2, 3, 4])("a tile whose rows are filtered by %i is the same beside others", async (filter) => {
  const data = pixels(6, 3, 9);
  const tile = await filtered(data, 6, filter);
  const { data: read } = decoded(await joined([tile, tile, tile], 18));
  expect(Buffer.from(read).equals(together([data, data, data]))).toBe(true);
});

it("a tile of the other colour type is brought to the first one's", async () => {
  const [rgb, rgba] = [pixels(2, 3, 4), pixels(3, 4, 5)];
  const withoutAlpha = rgba.filter((_, at) => at % 4 !== 3);
  const { data } = decoded(await joined([pngOf(rgb, 2, 3), pngOf(rgba, 3, 4)], 5));
  expect(Buffer.from(data).equals(together([rgb, withoutAlpha]))).toBe(true);
  const { data: other } = decoded(await joined([pngOf(rgba, 3, 4), pngOf(rgb, 2, 3)], 5));
  expect(Buffer.from(other.filter((_, at) => at % 4 !== 3)).equals(together([withoutAlpha, rgb]))).toBe(true);
});

it("what would be larger than allowed is not kept", async () => {
  expect(await joined([pngOf(pixels(500, 3, 6), 500, 3)], 500, 20_000)).toBeNull();
});

it("missing rows, another width, and what is no picture throw", async () => {
  const tile = pngOf(pixels(2, 3, 7), 2, 3);
  await expect(joined([tile], 3)).rejects.toThrow("2 rows of 3");
  const narrow = encode({ width: 3, height: 1, data: new Uint8Array(9), channels: 3, depth: 8 });
  await expect(joined([tile, narrow], 3)).rejects.toThrow("width 3");
  expect(() => readPng(tile.slice(0, 60))).toThrow("cut off");
  expect(() => readPng(new TextEncoder().encode("<html>"))).toThrow("no PNG");
});

it("ink is what plainly differs from the commonest colour", async () => {
  const data = new Uint8Array(WIDTH * 10 * 3).fill(250);
  data.set([240, 240, 240], 3);
  data.set([0, 250, 250], WIDTH * 3 * 4 + 30);
  data.set([250, 200, 250], WIDTH * 3 * 5 + 30);
  expect(await inkOf(pngOf(data, 10, 3))).toEqual({ share: 2 / (WIDTH * 10), pixels: 2, rows: 2, columns: 1 });
});

/** A picture all of whose rows are filtered so, made by undoing our own reader: checked by the other library. */
async function filtered(data: Uint8Array, rows: number, filter: number): Promise<Uint8Array> {
  const length = WIDTH * 3;
  const header = { width: WIDTH, height: rows, colourType: 2 } as const;
  const raw = new Uint8Array((length + 1) * rows);
  let above = new Uint8Array(length);
  for (let row = 0; row < rows; row += 1) {
    const wanted = data.subarray(row * length, (row + 1) * length);
    const written = raw.subarray(row * (length + 1), (row + 1) * (length + 1));
    written[0] = filter;
    // Byte by byte: what a filter foretells depends only on bytes that are known already.
    const read = new Uint8Array(length);
    for (let at = 0; at < length; at += 1) {
      unfilter(written, above, read, header);
      written[at + 1] = (wanted[at] ?? 0) - (read[at] ?? 0);
    }
    above = wanted.slice();
  }
  const stream = new Response(raw).body?.pipeThrough(new CompressionStream("deflate"));
  const png = together([pngStart(header), pngData(new Uint8Array(await new Response(stream).arrayBuffer())), pngEnd()]);
  expect(Buffer.from(decode(png, { checkCrc: true }).data).equals(data)).toBe(true);
  return png;
}

it("rows are read as pixels whatever they are filtered by", async () => {
  const data = pixels(4, 3, 11);
  for (const filter of [0, 1, 2, 3, 4]) {
    const rows: Uint8Array[] = [];
    for await (const row of pixelRows(await filtered(data, 4, filter))) rows.push(row.slice());
    expect(Buffer.from(together(rows)).equals(data)).toBe(true);
  }
});
