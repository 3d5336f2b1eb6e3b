/** The rows of a PNG, one by one, so that a picture of many megapixels is never in memory as pixels. */
import { bytesPerPixel, bytesPerRow, type PngHeader, readPng } from "./chunks.ts";

/** The rows as they are written: each a byte that names its filter, and its bytes. Each is valid until the next one is asked for. */
export async function* writtenRows(png: Uint8Array): AsyncGenerator<Uint8Array> {
  const { header, data } = readPng(png);
  const row = new Uint8Array(1 + bytesPerRow(header));
  let filled = 0;
  let rows = 0;
  for await (const bytes of inflated(data)) {
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + row.length - filled);
      row.set(part, filled);
      at += part.length;
      filled += part.length;
      if (filled < row.length) continue;
      filled = 0;
      rows += 1;
      yield row;
    }
  }
  if (rows !== header.height) throw new Error(`A PNG of ${header.height} rows has ${rows}`);
}

/** The rows as pixels. Each is valid until the next one is asked for. */
export async function* pixelRows(png: Uint8Array): AsyncGenerator<Uint8Array> {
  const { header } = readPng(png);
  let [above, row] = [new Uint8Array(bytesPerRow(header)), new Uint8Array(bytesPerRow(header))];
  for await (const written of writtenRows(png)) {
    unfilter(written, above, row, header);
    yield row;
    [above, row] = [row, above];
  }
}

/** Undoes the filter of a row (section 9.2 of the specification); of the first row, what is above it is zero. */
export function unfilter(written: Uint8Array, above: Uint8Array, row: Uint8Array, header: PngHeader): void {
  const step = bytesPerPixel(header.colourType);
  const filter = written[0] ?? 0;
  for (let at = 0; at < row.length; at += 1) {
    const left = at < step ? 0 : (row[at - step] ?? 0);
    const up = above[at] ?? 0;
    const upLeft = at < step ? 0 : (above[at - step] ?? 0);
    row[at] = (written[at + 1] ?? 0) + predicted(filter, left, up, upLeft);
  }
}

function predicted(filter: number, left: number, up: number, upLeft: number): number {
  switch (filter) {
    case 0:
      return 0;
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4:
      return paeth(left, up, upLeft);
    default:
      throw new Error(`A PNG has no filter ${filter}`);
  }
}

function paeth(left: number, up: number, upLeft: number): number {
  const estimate = left + up - upLeft;
  const [byLeft, byUp, byUpLeft] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - upLeft)];
  if (byLeft <= byUp && byLeft <= byUpLeft) return left;
  return byUp <= byUpLeft ? up : upLeft;
}

async function* inflated(data: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  const stream = new DecompressionStream("deflate");
  const writer = stream.writable.getWriter();
  const written = (async () => {
    for (const part of data) await writer.write(part);
    await writer.close();
  })();
  // What is wrong with the data is told by the reading side.
  written.catch(() => {});
  const reader = stream.readable.getReader();
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    if (value !== undefined) yield value;
  }
  await written;
}
