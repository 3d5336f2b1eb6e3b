/** The one way out, against a real endpoint on loopback. */
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { AddressRules } from "../../src/http/address.ts";
import { type GuardedRequest, guardedFetch } from "../../src/http/guarded-fetch.ts";
import { newId } from "../../src/system.ts";
import type { ReceivedCall } from "../support/receiver-server.ts";

const RULES: AddressRules = { allowLoopback: true, ownHosts: [] };
let box = "";

beforeEach(() => {
  box = newId();
});

const call = (behaviour: string, more: Partial<GuardedRequest> = {}) =>
  guardedFetch(
    {
      url: `${env.RECEIVER}/${box}/${behaviour}`,
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
      timeout: 5_000,
      maxBytes: 10_000,
      ...more,
    },
    RULES,
  );

const received = async (): Promise<readonly ReceivedCall[]> => (await fetch(`${env.RECEIVER}/${box}`)).json();

describe("a call", () => {
  it("carries its method, its headers and exactly the bytes of its body", async () => {
    const body = '{"text":"Grüße, 世界 \\u0000 \u{1f514}\\n"}';
    const answer = await call("echo", { body, headers: { "content-type": "application/json", "x-mine": "yes" } });
    expect(answer).toMatchObject({ ok: true, value: { status: 200, text: body, truncated: false } });
    expect(await received()).toMatchObject([{ body, headers: { "x-mine": "yes" } }]);
  });

  it("gives a failing status back as an answer, with its headers", async () => {
    const answer = await call("retry-after-7");
    expect(answer).toMatchObject({ ok: true, value: { status: 503, text: "later" } });
    expect(answer.ok && answer.value.headers.get("retry-after")).toBe("7");
  });

  it("does not follow a redirect", async () => {
    const answer = await call("redirect");
    expect(answer).toMatchObject({ ok: true, value: { status: 302 } });
    expect(await received()).toHaveLength(1);
  });

  it("to an address that the rules refuse is not made", async () => {
    const left = vi.spyOn(globalThis, "fetch");
    const answer = await call("ok", { url: "https://169.254.169.254/latest/meta-data/" });
    expect(answer).toMatchObject({ ok: false, error: { kind: "address_refused" } });
    expect(left).not.toHaveBeenCalled();
  });
});

describe("an answer", () => {
  it.each(["sized", "chunked"])("that is %s and as long as the cap is read whole", async (kind) => {
    const answer = await call(`${kind}-1000`, { maxBytes: 1_000 });
    expect(answer).toMatchObject({ ok: true, value: { truncated: false } });
    expect(answer.ok && answer.value.text).toHaveLength(1_000);
  });

  it.each(["sized", "chunked"])("that is %s and longer than the cap is cut there, and says so", async (kind) => {
    const answer = await call(`${kind}-1001`, { maxBytes: 1_000 });
    expect(answer).toMatchObject({ ok: true, value: { status: 200, truncated: true } });
    expect(answer.ok && answer.value.text).toHaveLength(1_000);
  });

  it("far longer than the cap is not read to its end", async () => {
    const answer = await call("huge", { maxBytes: 1_000 });
    expect(answer).toMatchObject({ ok: true, value: { truncated: true } });
    expect(answer.ok && answer.value.text).toHaveLength(1_000);
  });

  it("that was compressed is held to the cap by what it unpacks to, not by the length it announces", async () => {
    // The runtime unpacks the body and leaves both headers as they came, so the announced length is that of the packed bytes.
    const headers = { "content-encoding": "gzip", "content-length": "40" };
    vi.spyOn(globalThis, "fetch").mockResolvedValueOnce(new Response("b".repeat(50_000), { headers }));
    expect(await call("ok", { maxBytes: 1_000 })).toMatchObject({ ok: true, value: { truncated: true } });
  });

  it("without a body is an empty text", async () => {
    expect(await call("empty")).toMatchObject({ ok: true, value: { status: 204, text: "", truncated: false } });
  });
});

describe("a call that does not get through", () => {
  it("is a timeout when no answer comes in time", async () => {
    expect(await call("slow-2000", { timeout: 50 })).toEqual({
      ok: false,
      error: { kind: "timeout", message: "No answer within 50 ms." },
    });
  });

  it("is a timeout too when the answer begins in time and does not end", async () => {
    expect(await call("drip-2000", { timeout: 100 })).toMatchObject({ ok: false, error: { kind: "timeout" } });
  });

  it("is aborted when the caller gives it up, before or during the call", async () => {
    const early = AbortSignal.abort();
    expect(await call("ok", { signal: early })).toMatchObject({ ok: false, error: { kind: "aborted" } });
    const controller = new AbortController();
    const answer = call("slow-2000", { signal: controller.signal });
    controller.abort();
    expect(await answer).toMatchObject({ ok: false, error: { kind: "aborted" } });
  });

  it("is a network failure when the connection breaks half-way", async () => {
    const breaking = new ReadableStream({
      start: (stream) => stream.enqueue(new TextEncoder().encode("the beginning")),
      pull: (stream) => stream.error(new Error("Network connection lost.")),
    });
    vi.spyOn(globalThis, "fetch").mockResolvedValueOnce(new Response(breaking));
    expect(await call("ok")).toMatchObject({ ok: false, error: { kind: "network" } });
  });

  it("is a network failure when there is no connection, in words without the platform's reference", async () => {
    const refusal = new Error("Network connection lost.; reference = abc123");
    vi.spyOn(globalThis, "fetch").mockRejectedValueOnce(refusal);
    expect(await call("ok")).toEqual({
      ok: false,
      error: { kind: "network", message: "The call did not get through: Network connection lost." },
    });
  });
});
