/** `npm run deploy`: Carillon into your own Cloudflare account, the first time or again. */
import { type Deployed, deploy } from "./deploy/deploy.ts";
import { tell } from "./start/trouble.ts";
import { wrangle } from "./start/wrangler.ts";

const env = { ...process.env, CI: "1", WRANGLER_SEND_METRICS: "false", WRANGLER_HIDE_BANNER: "true" };
const say = (line: string) => process.stdout.write(`${line}\n`);

const summary = ({ address, isFresh }: Deployed): string => `
Carillon is deployed.

  API       ${address ?? "(the routes of wrangler.toml)"}/v1
  Docs      ${address ?? "(the routes of wrangler.toml)"}/docs
${isFresh ? `\nIt has no workspace yet. Make the first one, and its admin:\n\n  npm run bootstrap -- --email ada@example.com --name Acme${address === null ? "" : ` --url ${address}`}\n` : ""}`;

deploy((args) => wrangle(args, env), say).then(
  (deployed) => say(summary(deployed)),
  (cause) => {
    tell("Nothing more was done", cause);
    process.exit(1);
  },
);
