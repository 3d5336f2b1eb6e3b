/** PNG as a file: a signature and chunks, each with a checksum (PNG specification, third edition, section 5). Pure. */
import { crc32 } from "node:zlib";

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const CHUNK_OVERHEAD_BYTES = 12;

/** RGB or RGBA of eight bits, which is all that Chromium writes. */
export type ColourType = 2 | 6;

export interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly colourType: ColourType;
}

export const bytesPerPixel = (colourType: ColourType): number => (colourType === 6 ? 4 : 3);

/** Without the byte in front that names the row's filter. */
export const bytesPerRow = ({ width, colourType }: PngHeader): number => width * bytesPerPixel(colourType);

/** Reads a picture that the browser made. Throws when it is none of that kind. */
export function readPng(png: Uint8Array): { readonly header: PngHeader; readonly data: readonly Uint8Array[] } {
  if (!SIGNATURE.every((byte, index) => png[index] === byte)) throw new Error("The browser's picture is no PNG");
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const data: Uint8Array[] = [];
  let header: PngHeader | undefined;
  for (let at = SIGNATURE.length; at + CHUNK_OVERHEAD_BYTES <= png.length; ) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8));
    const content = png.subarray(at + 8, at + 8 + length);
    if (content.length < length) break;
    if (type === "IHDR") header = readHeader(content);
    if (type === "IDAT") data.push(content);
    if (type === "IEND" && header !== undefined) return { header, data };
    at += CHUNK_OVERHEAD_BYTES + length;
  }
  throw new Error("The browser's PNG is cut off");
}

function readHeader(content: Uint8Array): PngHeader {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const [depth, colourType, , , interlace] = content.subarray(8);
  if (depth !== 8 || (colourType !== 2 && colourType !== 6) || interlace !== 0) {
    throw new Error(`The browser's PNG is of depth ${depth}, colour type ${colourType}, interlace ${interlace}`);
  }
  return { width: view.getUint32(0), height: view.getUint32(4), colourType };
}

/** The chunks of a picture: its header, its data as they come, its end. */
export const pngStart = ({ width, height, colourType }: PngHeader): Uint8Array => {
  const content = new Uint8Array(13);
  const view = new DataView(content.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  content.set([8, colourType], 8);
  return together([SIGNATURE, chunk("IHDR", content)]);
};

export const pngData = (content: Uint8Array): Uint8Array => chunk("IDAT", content);

export const pngEnd = (): Uint8Array => chunk("IEND", new Uint8Array());

function chunk(type: string, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(CHUNK_OVERHEAD_BYTES + content.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, content.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(content, 8);
  view.setUint32(8 + content.length, crc32(bytes.subarray(4, 8 + content.length)));
  return bytes;
}

export function together(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
