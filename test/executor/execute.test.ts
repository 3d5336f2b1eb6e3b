/** A claimed run, executed against a real endpoint, to the outcome that is reported. */
import { env } from "cloudflare:workers";
import { Webhook } from "standardwebhooks";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { mintProjectScope, type ProjectScope } from "../../src/domain/access.ts";
import type { Claim } from "../../src/domain/claim.ts";
import { readProjectId, readWorkspaceId } from "../../src/domain/ids.ts";
import type { Outcome, Output } from "../../src/domain/run.ts";
import { type ExecutorTools, execute } from "../../src/executor/execute.ts";
import { readRunToken } from "../../src/http/run-token.ts";
import { seal } from "../../src/http/seal.ts";
import { signingSecret } from "../../src/http/signing.ts";
import { newId, now } from "../../src/system.ts";
import { functionAt, makeClaim } from "../support/make-claim.ts";
import type { ReceivedCall } from "../support/receiver-server.ts";

let scope: ProjectScope;

beforeEach(() => {
  scope = mintProjectScope(readWorkspaceId(newId()), readProjectId(newId()));
});

const TOOLS: ExecutorTools = {
  key: env.CARILLON_KEY,
  rules: { allowLoopback: true },
  bucket: env.ARTIFACTS,
  publicUrl: "https://carillon.example.dev",
  now,
  isolates: null,
  progress: async () => {},
};

const run = (claim: Claim, tools: Partial<ExecutorTools> = {}, signal = new AbortController().signal) =>
  execute(claim, { ...TOOLS, ...tools }, signal);

const calls = async (): Promise<readonly ReceivedCall[]> => (await fetch(`${env.RECEIVER}/${scope.projectId}`)).json();

const outputOf = (outcome: Outcome | null): unknown =>
  outcome?.kind === "succeeded" && outcome.output?.stored === "inline" ? JSON.parse(outcome.output.json) : outcome;

describe("an answer that is a success", () => {
  it.each([
    ["ok", { rows: 3 }],
    ["text", "three rows"],
    ["empty", null],
  ])("of the kind %s becomes the output", async (behaviour, value) => {
    expect(outputOf(await run(makeClaim(scope, behaviour)))).toEqual({ items: [{ fn: "work", value }] });
  });

  it("of 202 leaves the end to the function", async () => {
    expect(await run(makeClaim(scope, "accept"))).toEqual({ kind: "accepted", at: expect.any(Number) });
  });
});

describe("an answer that is a failure", () => {
  const failed = async (behaviour: string, more: Partial<Claim> = {}) => {
    const outcome = await run(makeClaim(scope, behaviour, more));
    if (outcome?.kind !== "failed") throw new Error(`Not a failure: ${JSON.stringify(outcome)}`);
    return outcome;
  };

  it.each([400, 404, 410, 429, 500, 503])(
    "of %i is told by its status, and the retry is left to the policy",
    async (status) => {
      const { error, retry } = await failed(`status-${status}`);
      expect(error).toMatchObject({ reason: "http_status", status, message: `The function answered ${status}.` });
      expect(retry).toBeUndefined();
    },
  );

  it("keeps the beginning of the answer, without control characters", async () => {
    expect((await failed("status-503")).error.excerpt).toBe("status 503\ufffd[31m");
    expect((await failed("long-5000")).error.excerpt).toBe("z".repeat(2_000));
  });

  it("of a redirect says that it was not followed", async () => {
    expect((await failed("redirect")).error).toMatchObject({ status: 302, message: /not followed/ });
    expect(await calls()).toHaveLength(1);
  });

  it("with Retry-After in seconds asks for that wait", async () => {
    expect((await failed("retry-after-7")).retry).toEqual({ after: 7_000 });
  });

  it("with Retry-After as a date asks to wait until then, and not at all when it is over", async () => {
    const inTen = Math.floor(now() / 1_000) + 600;
    const { retry } = await failed(`until-${inTen}`);
    expect(retry).toEqual({ after: expect.closeTo(600_000, -4) });
    expect((await failed("until-1000000000")).retry).toEqual({ after: 0 });
  });

  it("with Carillon-Retry: never asks for no retry", async () => {
    expect((await failed("never")).retry).toBe("never");
  });

  it("is JSON that cannot be read", async () => {
    expect((await failed("json-broken")).error).toMatchObject({
      reason: "reported",
      status: 200,
      excerpt: "{ not json",
    });
  });

  it("is longer than an output may be", async () => {
    expect((await failed("huge")).error).toMatchObject({ reason: "response_too_large", status: 200 });
  });

  it("does not come in time", async () => {
    expect((await failed("slow-2000", { timeout: 50 })).error.reason).toBe("timeout");
  });

  it("does not come because there is no connection", async () => {
    vi.spyOn(globalThis, "fetch").mockRejectedValueOnce(new Error("Network connection lost."));
    expect((await failed("ok")).error.reason).toBe("network");
  });

  it.each(["http://10.0.0.1/", "https://169.254.169.254/", "not a url", undefined])(
    "is none, because %s may not be called; it is never tried again",
    async (url) => {
      const functions = [functionAt(scope, "ok", { url })];
      const { error, retry } = await failed("ok", { functions });
      expect([error.reason, retry]).toEqual(["address_refused", "never"]);
      expect(await calls()).toEqual([]);
    },
  );
});

describe("the request", () => {
  const oneCall = async (claim: Claim): Promise<ReceivedCall> => {
    await run(claim);
    const [call] = await calls();
    if (call === undefined) throw new Error("No call came");
    return call;
  };

  it("tells the function its name, its arguments, the facts of the run and how to complete it", async () => {
    const claim = makeClaim(scope);
    const { body } = await oneCall(claim);
    const { completion, ...told } = JSON.parse(body);
    expect(told).toEqual({ fn: "work", args: { day: "Friday" }, run: claim.facts });
    expect(completion.url).toBe(
      `https://carillon.example.dev/v1/projects/${scope.projectId}/runs/${claim.facts.id}/completion`,
    );
    expect(await readRunToken(env.CARILLON_KEY, completion.token)).toEqual({ scope, run: claim.facts.id });
  });

  it("carries the facts in headers as well, and the run's id as its identity", async () => {
    const claim = makeClaim(scope);
    expect((await oneCall(claim)).headers).toMatchObject({
      "content-type": "application/json",
      "webhook-id": claim.facts.id,
      "carillon-context": "scheduled",
      "carillon-scheduled": "true",
      "carillon-attempt": "0",
      "carillon-version": "3",
    });
  });

  it("is signed with the project's secret, and while it is rotated with the previous one too", async () => {
    const { body, headers } = await oneCall(makeClaim(scope, "ok", { previousSecretValid: true }));
    for (const generation of [2, 1]) {
      const secret = await signingSecret(env.CARILLON_KEY, scope, generation);
      expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
    }
  });

  it("is not signed with the previous secret once its time is over", async () => {
    const { body, headers } = await oneCall(makeClaim(scope));
    const previous = await signingSecret(env.CARILLON_KEY, scope, 1);
    expect(() => new Webhook(previous).verify(body, headers)).toThrow(/No matching signature/);
  });

  it("brings the function's own headers, opened, but not in the place of ours", async () => {
    const own = JSON.stringify({ authorization: "Bearer s3cret", "webhook-id": "mine", "carillon-attempt": "9" });
    const sealedHeaders = await seal(env.CARILLON_KEY, "function_headers", own);
    const claim = makeClaim(scope, "ok", { functions: [functionAt(scope, "ok", { sealedHeaders })] });
    expect((await oneCall(claim)).headers).toMatchObject({
      authorization: "Bearer s3cret",
      "webhook-id": claim.facts.id,
      "carillon-attempt": "0",
    });
  });

  it("is not made with headers that cannot be opened; the failure does not show them", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const sealedHeaders = await seal(Buffer.alloc(32, 8).toString("base64"), "function_headers", "{}");
    const outcome = await run(makeClaim(scope, "ok", { functions: [functionAt(scope, "ok", { sealedHeaders })] }));
    expect(outcome).toMatchObject({ kind: "failed", error: { reason: "exception" } });
    expect(JSON.stringify(outcome)).not.toContain(sealedHeaders);
    expect(await calls()).toEqual([]);
  });
});

describe("a run of the whole project", () => {
  const whole = (...behaviours: readonly string[]): Claim =>
    makeClaim(scope, "ok", {
      whole: true,
      functions: behaviours.map((behaviour, index) => functionAt(scope, behaviour, { name: `fn-${index + 1}` })),
    });

  it("calls every function in the version's order and gathers their outputs", async () => {
    expect(outputOf(await run(whole("ok", "text", "empty")))).toEqual({
      items: [
        { fn: "fn-1", value: { rows: 3 } },
        { fn: "fn-2", value: "three rows" },
        { fn: "fn-3", value: null },
      ],
    });
    expect((await calls()).map((call) => JSON.parse(call.body).fn)).toEqual(["fn-1", "fn-2", "fn-3"]);
  });

  it("stops at the first failure and names the function", async () => {
    expect(await run(whole("ok", "status-500", "ok"))).toMatchObject({
      kind: "failed",
      error: { reason: "http_status", message: "fn-2: The function answered 500.", fn: "fn-2" },
    });
    expect(await calls()).toHaveLength(2);
  });

  it("keeps what was returned before the failure", async () => {
    const outcome = await run(whole("ok", "status-500"));
    const output = outcome?.kind === "failed" && outcome.output?.stored === "inline" ? outcome.output.json : "";
    expect(JSON.parse(output)).toEqual({ items: [{ fn: "fn-1", value: { rows: 3 } }] });
  });

  it("tells once a second how far it has come", async () => {
    const told: Output[] = [];
    await run(whole("ok", "slow-1300"), { progress: async (_, output) => void told.push(output) });
    expect(told).toEqual([{ stored: "inline", json: '{"items":[{"fn":"fn-1","value":{"rows":3}}]}' }]);
  });

  it("stores what it ends with after what it stored on its way, however long that takes", async () => {
    const stored: number[] = [];
    const put = async (_: string, json: string) => {
      // Of the two, the one that is stored on the way: the run ends while it is still going on.
      const items = JSON.parse(json).items.length;
      if (items === 1) await scheduler.wait(700);
      stored.push(items);
      return { size: json.length };
    };
    await run(whole("large", "slow-1300"), { bucket: { ...env.ARTIFACTS, put } as unknown as R2Bucket });
    expect(stored).toEqual([1, 2]);
  });

  it("cannot wait for a function that answers 202, now or on a retry", async () => {
    expect(await run(whole("ok", "accept"))).toMatchObject({
      kind: "failed",
      retry: "never",
      error: { reason: "reported", status: 202 },
    });
  });

  it("has one timeout for all of its functions together", async () => {
    const outcome = await run({ ...whole("slow-150", "slow-150", "slow-150"), timeout: 250 });
    expect(outcome).toMatchObject({ kind: "failed", error: { reason: "timeout" } });
    expect(await calls()).toHaveLength(2);
  });
});

describe("an output", () => {
  it("that is too big for a row goes to an object of its run", async () => {
    const claim = makeClaim(scope, "large");
    const outcome = await run(claim);
    const key = `${scope.workspaceId}/${scope.projectId}/runs/${claim.facts.id}/output.json`;
    expect(outcome).toMatchObject({ kind: "succeeded", output: { stored: "artifact", key } });
    const stored = await env.ARTIFACTS.get(key);
    expect((await stored?.json<{ items: { value: { text: string } }[] }>())?.items[0]?.value.text).toHaveLength(20_000);
  });

  it("that cannot be stored fails the run, so that its retry policy applies", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const bucket = { ...env.ARTIFACTS, put: () => Promise.reject(new Error("R2 is down: internal detail")) };
    const outcome = await run(makeClaim(scope, "large"), { bucket });
    expect(outcome).toMatchObject({ kind: "failed", error: { reason: "exception" } });
    expect(JSON.stringify(outcome)).not.toContain("internal detail");
  });
});

describe("a run that is taken away", () => {
  it("ends without an outcome, before or during its call", async () => {
    expect(await run(makeClaim(scope), {}, AbortSignal.abort())).toBeNull();
    const controller = new AbortController();
    const outcome = run(makeClaim(scope, "slow-2000"), {}, controller.signal);
    controller.abort();
    expect(await outcome).toBeNull();
  });
});
