/**
 * Joins pictures that belong below each other into one, row by row. Rows stay as they are filtered: a filter refers to the
 * row above at most, which is the same one in the joined picture. Only the first row of each refers to nothing there, and is
 * written unfiltered.
 */
import { bytesPerRow, type PngHeader, pngData, pngEnd, pngStart, readPng, together } from "./chunks.ts";
import { unfilter, writtenRows } from "./rows.ts";

/** Grows downwards, one tile at a time; a tile may be forgotten once it was added. */
export class JoinedPng {
  readonly #header: PngHeader;
  readonly #maxBytes: number;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #parts: Uint8Array[] = [];
  readonly #collected: Promise<void>;
  #bytes = 0;
  #rows = 0;

  /** Of this size altogether; what comes to more bytes is not kept. */
  constructor(header: PngHeader, { maxBytes }: { readonly maxBytes: number }) {
    this.#header = header;
    this.#maxBytes = maxBytes;
    const stream = new CompressionStream("deflate");
    this.#writer = stream.writable.getWriter();
    this.#collected = this.#collect(stream.readable.getReader());
    // Told when the picture is finished.
    this.#collected.catch(() => {});
  }

  get isTooLarge(): boolean {
    return this.#bytes > this.#maxBytes;
  }

  /** Adds a tile of the same width. One of the other colour type is brought to the first one's. */
  async add(tile: Uint8Array): Promise<void> {
    const { header } = readPng(tile);
    if (header.width !== this.#header.width) {
      throw new Error(`A tile of width ${header.width} in a picture of width ${this.#header.width}`);
    }
    this.#rows += header.height;
    const rows = header.colourType === this.#header.colourType ? joinable(tile, header) : recoloured(tile, header);
    for await (const row of rows) {
      await this.#writer.ready;
      // The row's bytes are used again for the next one.
      await this.#writer.write(row.slice());
    }
  }

  /** The picture, or null when it is too large. Throws when rows are missing. */
  async finish(): Promise<Uint8Array | null> {
    await this.#writer.close();
    await this.#collected;
    if (this.#rows !== this.#header.height) throw new Error(`${this.#rows} rows of ${this.#header.height} were joined`);
    return this.isTooLarge ? null : together([pngStart(this.#header), ...this.#parts, pngEnd()]);
  }

  async #collect(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
    for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
      if (value === undefined) continue;
      this.#bytes += value.length;
      if (this.isTooLarge) this.#parts.length = 0;
      else this.#parts.push(pngData(value));
    }
  }
}

async function* joinable(tile: Uint8Array, header: PngHeader): AsyncGenerator<Uint8Array> {
  let isFirst = true;
  for await (const row of writtenRows(tile)) {
    yield isFirst ? unfiltered(row, header) : row;
    isFirst = false;
  }
}

function unfiltered(row: Uint8Array, header: PngHeader): Uint8Array {
  const plain = new Uint8Array(row.length);
  unfilter(row, new Uint8Array(bytesPerRow(header)), plain.subarray(1), header);
  return plain;
}

/** Pages are captured on an opaque ground: whether there is a channel for transparency says nothing about the picture. */
async function* recoloured(tile: Uint8Array, header: PngHeader): AsyncGenerator<Uint8Array> {
  const [from, to] = header.colourType === 6 ? [4, 3] : [3, 4];
  let above = new Uint8Array(bytesPerRow(header));
  for await (const written of writtenRows(tile)) {
    const pixels = new Uint8Array(bytesPerRow(header));
    unfilter(written, above, pixels, header);
    above = pixels;
    const row = new Uint8Array(1 + header.width * to).fill(255);
    row[0] = 0;
    for (let x = 0; x < header.width; x += 1) row.set(pixels.subarray(x * from, x * from + 3), 1 + x * to);
    yield row;
  }
}
