/** Callers whom nobody knows: refused by where they come from, before they cost another look-up. */
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { addOperatorToken, operatorTokenText } from "../../src/directory/operators.ts";
import { TOKEN_RANDOM_BYTES, tokenText } from "../../src/directory/tokens.ts";
import { newId, now, randomBytes } from "../../src/system.ts";
import { type Answered, call, expectProblem, makeOwner } from "./caller.ts";

const FLOOD = 25;
const madeUp = () => tokenText(randomBytes(TOKEN_RANDOM_BYTES));
const madeUpOperator = () => operatorTokenText(randomBytes(TOKEN_RANDOM_BYTES));

/** Calls from one client address. */
function makeClient() {
  const address = `test-${newId()}`;
  const bring = (token: string, path = "/v1/projects"): Promise<Answered> =>
    call("GET", path, { headers: { authorization: `Bearer ${token}`, "cf-connecting-ip": address } });
  const flood = async (token: () => string, path?: string) => {
    const statuses: number[] = [];
    for (let brought = 0; brought < FLOOD; brought += 1) statuses.push((await bring(token(), path)).status);
    return statuses;
  };
  return { bring, flood };
}

describe("a flood of made-up tokens", () => {
  it.each([
    ["of workspaces", madeUp, "/v1/projects"],
    ["of operators", madeUpOperator, "/v1/operator/workspaces"],
  ])("%s is answered 401 at first, and then 429 without a read", async (_, token, path) => {
    const { bring, flood } = makeClient();
    const statuses = await flood(token, path);
    expect([statuses[0], statuses.at(-1)]).toEqual([401, 429]);
    const prepare = vi.spyOn(env.DIRECTORY, "prepare");
    const refused = await bring(token(), path);
    expectProblem(refused, 429, "rate_limited");
    expect(refused.body.limit).toBe("unknown_tokens_per_client");
    expect(refused.headers.get("retry-after")).toBe("60");
    expect(prepare).not.toHaveBeenCalled();
  });

  it("keeps out nobody who calls from elsewhere", async () => {
    const owner = await makeOwner();
    await makeClient().flood(madeUp);
    expect((await makeClient().bring(owner.token)).status).toBe(200);
  });

  it("keeps out nobody at the same address who was recognised before", async () => {
    const [owner, operator, client] = [await makeOwner(), madeUpOperator(), makeClient()];
    await addOperatorToken(env.DIRECTORY, operator, now());
    expect((await client.bring(owner.token)).status).toBe(200);
    expect((await client.bring(operator, "/v1/operator/workspaces")).status).toBe(200);
    expect((await client.flood(madeUp)).at(-1)).toBe(429);
    expect((await client.bring(owner.token)).status).toBe(200);
    expect((await client.bring(operator, "/v1/operator/workspaces")).status).toBe(200);
  });
});
