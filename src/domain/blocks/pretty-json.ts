/** JSON as people read it, as far as there is room. Pure. */
import type { Json } from "../json.ts";

const INDENT = "  ";
/** Deeper levels are hinted at. A service may answer with thousands of them. */
const DEPTH_MAX = 64;

/** The JSON of a value on indented lines; past `most` characters it breaks off, so that no more is written than is shown. */
export function prettyJson(value: Json, most: number): string {
  const paper = { text: "", most };
  write(value, "\n", 0, paper);
  return paper.text;
}

interface Paper {
  text: string;
  readonly most: number;
}

function write(value: Json, newLine: string, depth: number, paper: Paper): void {
  if (typeof value !== "object" || value === null) paper.text += JSON.stringify(value);
  else if (depth >= DEPTH_MAX) paper.text += "\u2026";
  else if (isList(value)) writeAll("[]", value.entries(), { newLine, depth, paper, isNamed: false });
  else writeAll("{}", Object.entries(value).values(), { newLine, depth, paper, isNamed: true });
}

interface Level {
  readonly newLine: string;
  readonly depth: number;
  readonly paper: Paper;
  readonly isNamed: boolean;
}

function writeAll(brackets: string, entries: Iterable<readonly [string | number, Json]>, level: Level): void {
  const { newLine, depth, paper, isNamed } = level;
  const inner = newLine + INDENT;
  let between = inner;
  paper.text += brackets.charAt(0);
  for (const [name, value] of entries) {
    if (paper.text.length > paper.most) return;
    paper.text += isNamed ? `${between}${JSON.stringify(name)}: ` : between;
    write(value, inner, depth + 1, paper);
    between = `,${inner}`;
  }
  paper.text += (between === inner ? "" : newLine) + brackets.charAt(1);
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
