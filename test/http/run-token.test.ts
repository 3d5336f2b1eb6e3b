import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { mintProjectScope } from "../../src/domain/access.ts";
import { readProjectId, readRunId, readWorkspaceId } from "../../src/domain/ids.ts";
import { makeRunToken, readRunToken } from "../../src/http/run-token.ts";
import { newId } from "../../src/system.ts";

const KEY = env.CARILLON_KEY;
const subject = {
  scope: mintProjectScope(readWorkspaceId(newId()), readProjectId(newId())),
  run: readRunId(newId()),
};
let token = "";

beforeAll(async () => {
  token = await makeRunToken(KEY, subject);
});

/** A character that may stand in a token and is not this one. */
const otherThan = (character: string): string => (character === "0" ? "1" : "0");

const accepted = async (texts: readonly string[], key = KEY): Promise<readonly string[]> => {
  const subjects = await Promise.all(texts.map((text) => readRunToken(key, text)));
  return texts.filter((_, index) => subjects[index] !== null);
};

describe("a run token", () => {
  it("speaks for the run it was made for", async () => {
    expect(await readRunToken(KEY, token)).toEqual(subject);
  });

  it("is worth nothing when any single character is another one", async () => {
    const changed = [...token].map((one, at) => token.slice(0, at) + otherThan(one) + token.slice(at + 1));
    expect(await accepted(changed)).toEqual([]);
  });

  it("has one way to be written, down to the spare bits of its last character", async () => {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const endings = [...alphabet].map((character) => token.slice(0, -1) + character);
    expect(await accepted([...endings, `${token}!`, `${token}=`])).toEqual([token]);
  });

  it("is worth nothing when it is cut or made longer", async () => {
    const cut = Array.from(token, (_, length) => token.slice(0, length));
    expect(await accepted([...cut, `${token}AAAA`])).toEqual([]);
  });

  it("is worth nothing in a deployment with another key", async () => {
    expect(await accepted([token], Buffer.alloc(32, 8).toString("base64"))).toEqual([]);
  });

  it("is not just any text", async () => {
    const texts = ["", "crt", "crt____", "Bearer x", `xrt${token.slice(3)}`, token.toUpperCase(), ` ${token}`];
    expect(await accepted(texts)).toEqual([]);
  });

  it("cannot be turned to another run by moving its parts", async () => {
    const [prefix, workspace, project, run, ...mac] = token.split("_");
    const turned = [
      [prefix, project, workspace, run, ...mac],
      [prefix, workspace, run, project, ...mac],
    ];
    expect(await accepted(turned.map((parts) => parts.join("_")))).toEqual([]);
  });
});
