/** Executes a claimed run: one function, or all of a version in their order until the first that fails. */
import { storeOutput } from "../artifacts/artifacts.ts";
import { mintProjectScope } from "../domain/access.ts";
import type { Claim } from "../domain/claim.ts";
import type { FunctionSpec } from "../domain/function.ts";
import type { Json } from "../domain/json.ts";
import type { Outcome, RunError } from "../domain/run.ts";
import { SYNCHRONOUS_TIMEOUT_MS } from "../domain/schedule-input.ts";
import type { Instant } from "../domain/time/instant.ts";
import type { AddressRules } from "../http/address.ts";
import { makeRunToken } from "../http/run-token.ts";
import { open } from "../http/seal.ts";
import { signingSecret } from "../http/signing.ts";
import { type CallResult, callHttpFunction } from "./http-function.ts";

/** What an executor is given from outside. */
export interface ExecutorTools {
  readonly key: string;
  readonly rules: Pick<AddressRules, "allowLoopback">;
  readonly bucket: R2Bucket;
  /** Where this deployment is reached, without a slash at the end; null leaves it to what the publisher used. */
  readonly publicUrl: string | null;
  readonly now: () => Instant;
}

/** Runs a claim to its outcome; null when the run was taken away meanwhile. Never throws. */
export async function execute(claim: Claim, tools: ExecutorTools, signal: AbortSignal): Promise<Outcome | null> {
  const deadline = tools.now() + Math.min(claim.timeout, SYNCHRONOUS_TIMEOUT_MS);
  const items: { fn: string; value: Json }[] = [];
  try {
    for (const fn of claim.functions) {
      const result = await call(claim, fn, deadline, tools, signal);
      if (result.kind === "aborted") return null;
      if (result.kind !== "value") return toOutcome(result, claim, fn, tools.now());
      items.push({ fn: fn.name, value: result.value });
    }
    const output = await storeOutput(tools.bucket, scopeOf(claim), claim.facts.id, JSON.stringify({ items }));
    return { kind: "succeeded", at: tools.now(), output };
  } catch (cause) {
    console.error({ event: "execution_failed", run: claim.facts.id, cause: String(cause) });
    const message = "The run could not be carried through on our side.";
    return { kind: "failed", at: tools.now(), error: { reason: "exception", message } };
  }
}

async function call(
  claim: Claim,
  fn: FunctionSpec,
  deadline: Instant,
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
    timeout: Math.max(deadline - tools.now(), 1),
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
  const message = claim.whole ? `${fn.name}: ${result.error.message}` : result.error.message;
  return { ...result, at, error: { ...result.error, message } };
}

/** The next function needs this one's end, and nobody would be there to go on after a completion. */
const acceptedInWhole = (fn: FunctionSpec): RunError => ({
  reason: "reported",
  message: `${fn.name} answered 202, which only a run of a single function can wait for.`,
  status: 202,
});

const scopeOf = (claim: Claim) => mintProjectScope(claim.ref.workspace, claim.ref.project);

/** What the door sealed: names and values that it had checked. */
const parseHeaders = (json: string): Record<string, string> => JSON.parse(json) as Record<string, string>;
