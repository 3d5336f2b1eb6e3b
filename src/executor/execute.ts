/** Executes a claimed run: one function, or all of a version in their order until the first that fails. */
import { storeOutput } from "../artifacts/artifacts.ts";
import { mintProjectScope } from "../domain/access.ts";
import type { Claim } from "../domain/claim.ts";
import type { FunctionSpec } from "../domain/function.ts";
import type { Outcome, Output, RunError } from "../domain/run.ts";
import { SYNCHRONOUS_TIMEOUT_MS } from "../domain/schedule-input.ts";
import type { Instant, Milliseconds } from "../domain/time/instant.ts";
import type { AddressRules } from "../http/address.ts";
import { makeRunToken } from "../http/run-token.ts";
import { open } from "../http/seal.ts";
import { signingSecret } from "../http/signing.ts";
import { type Capability, CodeRun } from "./code-run.ts";
import { type CallResult, callHttpFunction } from "./http-function.ts";
import { ITEMS_MAX_LENGTH, Journal } from "./journal.ts";
import { Progress } from "./progress.ts";

/** Where code runs. */
export interface Isolates {
  readonly loader: WorkerLoader;
  /** The way out of an isolate, by these rules; of one that is not shared, for as long as its run may take. */
  readonly gateway: (rules: AddressRules, within: Milliseconds | null) => Fetcher;
  /** What a function of the run may ask of its project. */
  readonly capability: (claim: Claim, fn: string) => Capability;
}

/** What an executor is given from outside. */
export interface ExecutorTools {
  readonly key: string;
  readonly rules: Pick<AddressRules, "allowLoopback">;
  readonly bucket: R2Bucket;
  /** Where this deployment is reached, without a slash at the end; null leaves it to what the publisher used. */
  readonly publicUrl: string | null;
  readonly now: () => Instant;
  /** Null in a deployment that cannot run code. */
  readonly isolates: Isolates | null;
  /** Told what a run has produced so far, as often as `progress.ts` says. */
  readonly progress: (claim: Claim, output: Output) => Promise<void>;
}

/** A run while it is executed. */
interface Execution {
  readonly claim: Claim;
  readonly tools: ExecutorTools;
  readonly journal: Journal;
  /** Null for a run without code, and where none can be run. */
  readonly code: CodeRun | null;
  readonly deadline: Instant;
  readonly signal: AbortSignal;
}

/** Runs a claim to its outcome; null when the run was taken away meanwhile. Never throws. */
export async function execute(claim: Claim, tools: ExecutorTools, signal: AbortSignal): Promise<Outcome | null> {
  const store = (): Promise<Output> => storeOutput(tools.bucket, scopeOf(claim), claim.facts.id, journal.toJson());
  const progress = new Progress({ store, tell: (output) => tools.progress(claim, output) });
  const journal = new Journal(tools.now, () => progress.note());
  const code = codeRun(claim, tools, journal);
  const deadline = tools.now() + Math.min(claim.timeout, SYNCHRONOUS_TIMEOUT_MS);
  try {
    const ended = await callAll({ claim, tools, journal, code, deadline, signal });
    code?.close();
    await progress.end();
    if (ended === null || ended.kind === "accepted") return ended;
    if (ended.kind === "succeeded") return { ...ended, output: await store() };
    return journal.isEmpty ? ended : { ...ended, output: await store() };
  } catch (cause) {
    console.error({ event: "execution_failed", run: claim.facts.id, cause: String(cause) });
    const message = "The run could not be carried through on our side.";
    return { kind: "failed", at: tools.now(), error: { reason: "exception", message } };
  } finally {
    code?.close();
    await progress.end();
  }
}

/** Calls the functions in their order. The outcome is still without its output. */
async function callAll(execution: Execution): Promise<Outcome | null> {
  const { claim, tools, journal } = execution;
  for (const fn of claim.functions) {
    const result = await call(execution, fn);
    if (result.kind === "aborted") return null;
    if (result.kind !== "value") return toOutcome(result, claim, fn, tools.now());
    if (!journal.keep(fn.name, result.value)) return toOutcome(tooMuch(), claim, fn, tools.now());
  }
  return { kind: "succeeded", at: tools.now(), output: null };
}

async function call(execution: Execution, fn: FunctionSpec): Promise<CallResult> {
  const { claim, tools, code, deadline, signal } = execution;
  const timeout = Math.max(deadline - tools.now(), 1);
  if (fn.kind === "http") return callOverHttp(claim, fn, timeout, tools, signal);
  return code === null ? NO_ISOLATES : code.call(fn, timeout, signal);
}

function codeRun(claim: Claim, tools: ExecutorTools, journal: Journal): CodeRun | null {
  const { isolates, bucket } = tools;
  if (isolates === null || claim.functions.every(({ kind }) => kind !== "code")) return null;
  return new CodeRun(claim, scopeOf(claim), {
    loader: isolates.loader,
    gateway: isolates.gateway,
    rules: { ...tools.rules, ownHosts: ownHosts(claim, tools) },
    capability: (fn) => isolates.capability(claim, fn),
    bucket,
    journal,
  });
}

async function callOverHttp(
  claim: Claim,
  fn: FunctionSpec,
  timeout: Milliseconds,
  tools: ExecutorTools,
  signal: AbortSignal,
): Promise<CallResult> {
  const scope = scopeOf(claim);
  const generations = claim.previousSecretValid
    ? [claim.secretGeneration, claim.secretGeneration - 1]
    : [claim.secretGeneration];
  return callHttpFunction(claim, fn, {
    rules: { ...tools.rules, ownHosts: ownHosts(claim, tools) },
    secrets: generations.map((generation) => signingSecret(tools.key, scope, generation)),
    headers:
      fn.sealedHeaders === undefined ? {} : parseHeaders(await open(tools.key, "function_headers", fn.sealedHeaders)),
    completion: {
      url: `${tools.publicUrl ?? claim.origin ?? ""}/v1/projects/${scope.projectId}/runs/${claim.facts.id}/completion`,
      token: await makeRunToken(tools.key, { scope, run: claim.facts.id }),
    },
    now: tools.now,
    timeout,
    signal,
  });
}

/** A function must not call its own scheduler. */
const ownHosts = (claim: Claim, { publicUrl }: ExecutorTools): readonly string[] =>
  [publicUrl, claim.origin].filter((url) => url !== null).map((url) => new URL(url).hostname);

function toOutcome(
  result: Exclude<CallResult, { kind: "value" | "aborted" }>,
  claim: Claim,
  fn: FunctionSpec,
  at: Instant,
): Outcome {
  if (result.kind === "accepted") {
    return claim.whole ? { kind: "failed", at, error: acceptedInWhole(fn), retry: "never" } : { kind: "accepted", at };
  }
  if (!claim.whole) return { ...result, at };
  return { ...result, at, error: { ...result.error, message: `${fn.name}: ${result.error.message}`, fn: fn.name } };
}

/** The next function needs this one's end, and nobody would be there to go on after a completion. */
const acceptedInWhole = (fn: FunctionSpec): RunError => ({
  reason: "reported",
  message: `${fn.name} answered 202, which only a run of a single function can wait for.`,
  status: 202,
  fn: fn.name,
});

const NO_ISOLATES: CallResult = {
  kind: "failed",
  error: { reason: "load_failed", message: "This deployment cannot run code functions: it has no Worker Loader." },
};

const tooMuch = (): Extract<CallResult, { kind: "failed" }> => ({
  kind: "failed",
  error: {
    reason: "response_too_large",
    message: `The outputs of the run take more than ${ITEMS_MAX_LENGTH} characters.`,
  },
});

const scopeOf = (claim: Claim) => mintProjectScope(claim.ref.workspace, claim.ref.project);

/** What the door sealed: names and values that it had checked. */
const parseHeaders = (json: string): Record<string, string> => JSON.parse(json) as Record<string, string>;
