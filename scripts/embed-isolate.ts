/** Writes the modules that every isolate gets into a source: a Worker's bundle takes no `.js` file as text. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const SOURCES = "src/isolate";
const TARGET = "src/executor/isolate-source.ts";
/** What authors import; the others are the platform's own. */
const AUTHORING = "carillon.js";

/** The generated source. */
export function isolateSource(): string {
  const textOf = (name: string): string => JSON.stringify(readFileSync(`${SOURCES}/${name}`, "utf8"));
  const harness = readdirSync(SOURCES)
    .filter((name) => name.endsWith(".js") && name !== AUTHORING)
    .sort();
  return `/** Made by \`npm run embed\` from ${SOURCES}. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are sources themselves

/** The modules of the harness, by name; \`harness.js\` is the main one. */
export const HARNESS = {
${harness.map((name) => `  // biome-ignore format: one line, as it is made\n  ${JSON.stringify(name)}: ${textOf(name)},`).join("\n")}
};

/** What authors import as \`carillon\`. */
// biome-ignore format: one line, as it is made
export const AUTHORING = ${textOf(AUTHORING)};
`;
}

if (import.meta.main) writeFileSync(TARGET, isolateSource());
