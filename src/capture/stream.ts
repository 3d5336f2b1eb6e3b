/** Reads what the browser hands out in pieces: what is too large is never in memory as a whole. */
import type { CDPSession } from "@cloudflare/puppeteer";
import { together } from "./png/chunks.ts";

const PIECE_BYTES = 1_048_576;

/** All of a stream of the browser, which is closed then; null: it is larger than that. */
export async function readStream(session: CDPSession, handle: string, maxBytes: number): Promise<Uint8Array | null> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  try {
    for (let isEnd = false; !isEnd; ) {
      const piece = await session.send("IO.read", { handle, size: PIECE_BYTES });
      const content = Buffer.from(piece.data, piece.base64Encoded ? "base64" : "latin1");
      bytes += content.length;
      if (bytes > maxBytes) return null;
      pieces.push(content);
      isEnd = piece.eof;
    }
    return together(pieces);
  } finally {
    await session.send("IO.close", { handle });
  }
}
