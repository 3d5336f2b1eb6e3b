/** Bundles the console's script into a source: a Worker's bundle takes no script for browsers as text. */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { build } from "esbuild";

const ENTRY = "src/console/browser/main.ts";
const TARGET = "src/console/script.ts";
/** Browsers of the last three years or so. */
const BROWSERS = "es2022";
/** Enough to tell one deployment's script from another's. */
const HASH_LENGTH = 16;

/** The script as browsers get it. */
export async function bundleScript(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [ENTRY],
    bundle: true,
    minify: true,
    format: "esm",
    target: BROWSERS,
    charset: "utf8",
    write: false,
    logLevel: "silent",
  });
  return outputFiles[0]?.text.trimEnd() ?? "";
}

/** The generated source. */
export function scriptSource(script: string): string {
  const hash = createHash("sha256").update(script).digest("hex").slice(0, HASH_LENGTH);
  return `/** Made by \`npm run embed\` from ${ENTRY}. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the text is a source itself

/** What browsers run. */
// biome-ignore format: one line, as it is made
export const SCRIPT = ${JSON.stringify(script)};

/** Changes whenever the script does. */
export const SCRIPT_HASH = "${hash}";
`;
}

if (import.meta.main) writeFileSync(TARGET, scriptSource(await bundleScript()));
