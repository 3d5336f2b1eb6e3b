/** What a door does when the platform lets a call to the actor down. */
import { describe, expect, it } from "vitest";
import { projectLine } from "../../src/api/project-line.ts";
import { mintProjectScope } from "../../src/domain/access.ts";
import { readProjectId, readWorkspaceId } from "../../src/domain/ids.ts";
import { ok } from "../../src/domain/result.ts";
import type { Env } from "../../src/env.ts";
import { newId } from "../../src/system.ts";

const scope = mintProjectScope(readWorkspaceId(newId()), readProjectId(newId()));

/** Stubs that throw what they are told, one after another, and then answer. */
function lineThrough(...errors: Error[]) {
  let stubs = 0;
  const getByName = () => {
    stubs += 1;
    const error = errors.shift();
    return { published: async () => (error === undefined ? ok("fine") : Promise.reject(error)) };
  };
  const env = { PROJECT: { getByName } } as unknown as Env;
  return { line: projectLine(env, scope), stubs: () => stubs };
}

const marked = (flag: string) => Object.assign(new Error(`it was ${flag}`), { [flag]: true, remote: true });

describe("a call to the actor", () => {
  it("is tried once more with a fresh stub when it may be, and the platform says that it helps", async () => {
    const { line, stubs } = lineThrough(marked("retryable"));
    expect(await line.repeatable((project) => project.published())).toEqual(ok("fine"));
    expect(stubs()).toBe(2);
  });

  it("is not tried a third time", async () => {
    const { line, stubs } = lineThrough(marked("retryable"), marked("retryable"));
    const answer = await line.repeatable((project) => project.published());
    expect(answer).toMatchObject({ ok: false, error: { code: "unavailable" } });
    expect(stubs()).toBe(2);
  });

  it("is not repeated when that could do something twice, unless it has a key", async () => {
    const once = lineThrough(marked("retryable"));
    expect((await once.line.once((project) => project.published())).ok).toBe(false);
    expect(once.stubs()).toBe(1);
    const keyed = lineThrough(marked("retryable"));
    const wish = { key: "k", fingerprint: "f" };
    expect((await keyed.line.keyed(wish, (project) => project.published())).ok).toBe(true);
    const unkeyed = lineThrough(marked("retryable"));
    expect((await unkeyed.line.keyed(undefined, (project) => project.published())).ok).toBe(false);
  });

  it("is given up at once when the actor is overloaded: more calls would not help it", async () => {
    const { line, stubs } = lineThrough(marked("overloaded"));
    const answer = await line.repeatable((project) => project.published());
    expect(answer).toMatchObject({ ok: false, error: { code: "unavailable" } });
    expect(stubs()).toBe(1);
  });

  it("lets a fault of the actor's own rise", async () => {
    const { line } = lineThrough(new Error("a bug"));
    await expect(line.repeatable((project) => project.published())).rejects.toThrow("a bug");
  });
});
