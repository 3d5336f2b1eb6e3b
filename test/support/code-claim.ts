/** A claimed run of code in a real isolate, whose modules were stored as an upload stores them. */
import { env, exports } from "cloudflare:workers";
import { storeModules } from "../../src/artifacts/modules.ts";
import { mintProjectScope, type ProjectScope } from "../../src/domain/access.ts";
import type { Claim } from "../../src/domain/claim.ts";
import type { ModuleTexts } from "../../src/domain/code/modules.ts";
import type { FunctionSpec } from "../../src/domain/function.ts";
import { readProjectId, readWorkspaceId } from "../../src/domain/ids.ts";
import type { Outcome, Output } from "../../src/domain/run.ts";
import type { LogLine, RunOutput } from "../../src/domain/run-output.ts";
import { type ExecutorTools, execute, type Isolates } from "../../src/executor/execute.ts";
import { newId, now } from "../../src/system.ts";
import { makeClaim } from "./make-claim.ts";

declare global {
  namespace Cloudflare {
    interface Env {
      readonly LOADER: WorkerLoader;
    }
  }
}

export const makeScope = (): ProjectScope => mintProjectScope(readWorkspaceId(newId()), readProjectId(newId()));

/** What functions sent with their hands. */
export interface SentEvent {
  readonly fn: string;
  readonly event: string;
  readonly data: unknown;
}

export interface CodeWorld {
  readonly scope: ProjectScope;
  readonly sent: SentEvent[];
  readonly told: Output[];
  readonly tools: ExecutorTools;
  /** A claim of one function, `work`, the export of that name; or of `functions`, which makes it a whole-project run. */
  claim(modules: string | ModuleTexts, more?: Partial<Claim>): Promise<Claim>;
  run(modules: string | ModuleTexts, more?: Partial<Claim>, signal?: AbortSignal): Promise<Outcome | null>;
}

export const code = (name: string, more: Partial<FunctionSpec> = {}): FunctionSpec => ({
  name,
  kind: "code",
  export: name,
  ...more,
});

export function makeCodeWorld(scope = makeScope(), more: Partial<ExecutorTools> = {}): CodeWorld {
  const [sent, told]: [SentEvent[], Output[]] = [[], []];
  const isolates: Isolates = {
    loader: env.LOADER,
    gateway: (rules, within) =>
      exports.Gateway({ props: { ...rules, until: within === null ? null : now() + within } }),
    capability: (_, fn) => ({
      send: async (event, data) => {
        sent.push({ fn, event, data });
        return event === "refused" ? { ok: false, message: "not so" } : { ok: true, value: `${event} ${sent.length}` };
      },
    }),
  };
  const tools: ExecutorTools = {
    key: env.CARILLON_KEY,
    rules: { allowLoopback: true },
    bucket: env.ARTIFACTS,
    publicUrl: "https://carillon.example.dev",
    now,
    isolates,
    progress: async (_, output) => void told.push(output),
    ...more,
  };
  const claim: CodeWorld["claim"] = async (modules, facts = {}) => {
    const texts = typeof modules === "string" ? { "index.js": modules } : modules;
    const bundle = await storeModules(env.ARTIFACTS, scope, { main: Object.keys(texts)[0] ?? "", texts });
    return makeClaim(scope, "ok", {
      functions: [code("work")],
      code: bundle,
      whole: facts.functions !== undefined,
      ...facts,
    });
  };
  const run: CodeWorld["run"] = async (modules, facts, signal = new AbortController().signal) =>
    execute(await claim(modules, facts), tools, signal);
  return { scope, sent, told, tools, claim, run };
}

/** What the run left, whether it went well or not. */
export function leftOf(outcome: Outcome | null): RunOutput {
  const output = outcome === null || outcome.kind === "accepted" ? null : (outcome.output ?? null);
  if (output?.stored !== "inline") throw new Error(`Nothing is in the row: ${JSON.stringify(outcome)}`);
  return toRunOutput(output.json);
}

/** What the only function of a good run returned. */
export function returned(outcome: Outcome | null): unknown {
  if (outcome?.kind !== "succeeded") throw new Error(`Not well: ${JSON.stringify(outcome)}`);
  return leftOf(outcome).items[0]?.value;
}

export const linesOf = (outcome: Outcome | null): readonly LogLine[] => leftOf(outcome).log?.lines ?? [];

export function failureOf(outcome: Outcome | null): Extract<Outcome, { kind: "failed" }> {
  if (outcome?.kind !== "failed") throw new Error(`Not a failure: ${JSON.stringify(outcome)}`);
  return outcome;
}

const toRunOutput = (json: string): RunOutput => JSON.parse(json) as RunOutput;
