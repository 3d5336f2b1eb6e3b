/** Writes the modules that every isolate gets into a source: a Worker's bundle takes no `.js` file as text. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const SOURCES = "src/isolate";
const TARGET = "src/executor/isolate-source.ts";
/** What authors import; the others are the platform's own. */
const AUTHORING = "carillon.js";
/** Enough to tell one deployment's sources from another's. */
const HASH_LENGTH = 16;

/** Texts by name. */
type Sources = Readonly<Record<string, string>>;

/** What lies in the folder. */
export function readSources(): Sources {
  const names = readdirSync(SOURCES).filter((name) => name.endsWith(".js"));
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(`${SOURCES}/${name}`, "utf8")]));
}

/** The generated source. */
export function isolateSource(sources: Sources): string {
  const textOf = (name: string): string => JSON.stringify(sources[name]);
  const harness = Object.keys(sources).filter((name) => name !== AUTHORING);
  const hash = createHash("sha256").update(JSON.stringify(sources)).digest("hex").slice(0, HASH_LENGTH);
  return `/** Made by \`npm run embed\` from ${SOURCES}. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are sources themselves

/** The modules of the harness, by name; \`harness.js\` is the main one. */
export const HARNESS = {
${harness.map((name) => `  // biome-ignore format: one line, as it is made\n  ${JSON.stringify(name)}: ${textOf(name)},`).join("\n")}
};

/** What authors import as \`carillon\`. */
// biome-ignore format: one line, as it is made
export const AUTHORING = ${textOf(AUTHORING)};

/** Of all of them: an isolate that an older deployment warmed holds others. */
export const SOURCES_HASH = "${hash}";
`;
}

if (import.meta.main) writeFileSync(TARGET, isolateSource(readSources()));
