/** Clients that bring what nobody knows. */
import { describe, expect, it } from "vitest";
import { fail, ok } from "../../src/domain/result.ts";
import { KEPT_OUT_MS, type LookedUp, lookUp } from "../../src/http/strangers.ts";
import { newId } from "../../src/system.ts";

const START = Date.UTC(2026, 10, 22);

/** A directory that knows one token, and counts how often it is asked; a counter that allows so many. */
function makeDirectory(allowed = 2) {
  const [client, known] = [newId(), newId()];
  const counted: string[] = [];
  let reads = 0;
  const counter = {
    limit: async ({ key }: { readonly key: string }) => ({ success: counted.push(key) <= allowed }),
  };
  const bring = async (secret: string, now = START, what: LookedUp = "token", from = client) => {
    const found = await lookUp({ what, client: from, secret, now }, counter, async () => {
      reads += 1;
      return secret === known ? ok("known") : fail("unknown" as const);
    });
    return found.ok ? found.value : found.error;
  };
  const flood = async (times = allowed + 1) => {
    for (let time = 0; time < times; time += 1) await bring(`made-up-${time}`);
  };
  return { client, known, counted, bring, flood, reads: () => reads };
}

describe("a client that brings what nobody knows", () => {
  it("is looked up until it has brought too many, and then no more", async () => {
    const { bring, flood, reads } = makeDirectory();
    await flood();
    expect(reads()).toBe(3);
    for (const secret of ["a", "b", "c"]) expect(await bring(secret)).toBe("kept_out");
    expect(reads()).toBe(3);
  });

  it("is looked up again a minute later", async () => {
    const { bring, flood } = makeDirectory();
    await flood();
    expect(await bring("a", START + KEPT_OUT_MS - 1)).toBe("kept_out");
    expect(await bring("a", START + KEPT_OUT_MS)).toBe("unknown");
  });

  it("is not kept out for longer by a clock that was set back", async () => {
    const { bring, flood } = makeDirectory();
    await flood();
    expect(await bring("a", START - 1)).toBe("unknown");
  });

  it("keeps out nobody else, and nothing of another kind", async () => {
    const { bring, flood } = makeDirectory();
    await flood();
    expect(await bring("a", START, "token", newId())).toBe("unknown");
    expect(await bring("a", START, "session")).toBe("unknown");
  });

  it("does not keep out who was recognised at the same address before", async () => {
    const { bring, flood, known } = makeDirectory();
    await bring(known);
    await flood();
    expect(await bring(known)).toBe("known");
    expect(await bring("a")).toBe("kept_out");
  });
});

describe("a client that is known", () => {
  it("is never counted", async () => {
    const { bring, known, counted } = makeDirectory();
    for (const _ of [1, 2, 3, 4]) expect(await bring(known)).toBe("known");
    expect(counted).toEqual([]);
  });
});

describe("nobody is counted", () => {
  it("where no address was said, or no counter is bound", async () => {
    const { bring, counted } = makeDirectory(0);
    for (const _ of [1, 2]) expect(await bring("a", START, "token", "")).toBe("unknown");
    expect(counted).toEqual([]);
    const stranger = { what: "token", client: newId(), secret: "a", now: START } as const;
    for (const _ of [1, 2])
      expect(await lookUp(stranger, undefined, async () => fail("unknown"))).toEqual(fail("unknown"));
  });
});
