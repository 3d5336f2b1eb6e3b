/** What a module imports and exports, as its source says it, in its order. Pure. */
import { type Export, type Import, parse } from "es-module-lexer/js";
import { fail, ok, type Result } from "../result.ts";
import { type Place, placeAt } from "./place.ts";

export interface Lexed {
  readonly imports: readonly Import[];
  readonly exports: readonly Export[];
}

/** The imports and exports of a text, or where it stops being a module. */
export function lex(module: string, text: string): Result<Lexed, Place> {
  try {
    const [imports, exports] = parse(text, module);
    return ok({ imports, exports });
  } catch (error) {
    return fail(placeAt(module, text, offsetIn(error)));
  }
}

/** The lexer puts the offset into its error. */
const offsetIn = (error: unknown): number =>
  typeof error === "object" && error !== null && "idx" in error && typeof error.idx === "number" ? error.idx : 0;

/**
 * The text without its import attributes, which the platform does not know: `with { type: "json" }`, which Node asks for, is
 * told by the name there. Spaces take their place, so that lines and columns stay.
 */
export function withoutAttributes(text: string): string {
  if (!/\bwith\b/.test(text)) return text;
  const lexed = lex("", text);
  if (!lexed.ok) return text;
  const clauses = lexed.value.imports.flatMap((one) =>
    one.type !== "import-meta" && one.type !== "dynamic" && one.attributes !== null ? [one] : [],
  );
  const pieces: string[] = [];
  let done = 0;
  for (const { end, attributesStart } of clauses) {
    // The clause begins after the quote that ends the specifier; where it ends is where its braces close.
    const close = text.indexOf("}", attributesStart) + 1;
    pieces.push(text.slice(done, end + 1), text.slice(end + 1, close).replace(/[^\n]/g, " "));
    done = close;
  }
  return [...pieces, text.slice(done)].join("");
}
