import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { mintProjectScope } from "../../src/domain/access.ts";
import { readProjectId, readRunId, readWorkspaceId } from "../../src/domain/ids.ts";
import { MINUTE_MS } from "../../src/domain/time/instant.ts";
import {
  externalPageAddress,
  formatsOf,
  makePageToken,
  ownPageAddress,
  PAGE_PURPOSES,
  type PageTokenSubject,
  purposeOf,
  readPageToken,
} from "../../src/http/page-token.ts";
import { makeRunToken } from "../../src/http/run-token.ts";
import { newId } from "../../src/system.ts";

const KEY = env.CARILLON_KEY;
const NOW = Date.parse("2027-01-15T09:00:00Z");
const SUBJECT: PageTokenSubject = {
  scope: mintProjectScope(readWorkspaceId(newId()), readProjectId(newId())),
  run: readRunId(newId()),
  purpose: "png-pdf",
};
const make = (subject = SUBJECT) => makePageToken(KEY, subject, { now: NOW, lasts: MINUTE_MS });

describe("a page token", () => {
  it.each(PAGE_PURPOSES)("names its run and its purpose, for as long as it lasts: %s", async (purpose) => {
    const token = await make({ ...SUBJECT, purpose });
    expect(token).toMatch(/^cpt_[\w-]+$/);
    expect(await readPageToken(KEY, token, NOW)).toEqual({ ...SUBJECT, purpose });
    expect(await readPageToken(KEY, token, NOW + MINUTE_MS - 1)).toEqual({ ...SUBJECT, purpose });
    expect(await readPageToken(KEY, token, NOW + MINUTE_MS)).toBeNull();
  });

  it("is nothing with any part changed, by another key, or as a token of another kind", async () => {
    const token = await make();
    const parts = token.split("_");
    const changes = [
      ...["crt", newId(), newId(), newId(), "view", "zzzzzzzzz"].map((part, at) => parts.with(at, part).join("_")),
      ...[token.slice(0, -1), `${token}A`, `${token}_`, token.toUpperCase(), "", "cpt_", "cpt_____"],
      parts.with(-1, "A".repeat(43)).join("_"),
      await makeRunToken(KEY, SUBJECT),
    ];
    for (const changed of changes) expect([changed, await readPageToken(KEY, changed, NOW)]).toEqual([changed, null]);
    expect(await readPageToken(Buffer.alloc(32, 8).toString("base64"), token, NOW)).toBeNull();
  });

  it("has one way to be written: the spare bits of its end count", async () => {
    const token = await make();
    const last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".split("");
    const same = last.map((letter) => token.slice(0, -1) + letter).filter((one) => one !== token);
    for (const other of same) expect(await readPageToken(KEY, other, NOW)).toBeNull();
  });
});

describe("a purpose", () => {
  it("is to be looked at, or the formats that are captured, in whichever order they are named", () => {
    expect(PAGE_PURPOSES.map(formatsOf)).toEqual([[], ["png"], ["pdf"], ["png", "pdf"]]);
    expect([purposeOf(["png"]), purposeOf(["pdf"]), purposeOf(["pdf", "png", "pdf"])]).toEqual([
      "png",
      "pdf",
      "png-pdf",
    ]);
    expect(() => purposeOf([])).toThrow(TypeError);
  });
});

describe("the address of a page", () => {
  const { run, scope } = SUBJECT;

  it("is one of this deployment's, with the token in it", () => {
    expect(ownPageAddress("https://carillon.test", SUBJECT, "cpt_x")).toBe(
      `https://carillon.test/v1/projects/${scope.projectId}/runs/${run}/page?token=cpt_x`,
    );
  });

  const at = "https://reports.example.com/daily?team=7&carillon_run=old&carillon_page=https://other.example/#top";

  it("is one's own with the run, the token, where its outputs are, and for which capture it is opened; it keeps what it had", () => {
    const url = new URL(externalPageAddress(at, SUBJECT, { token: "cpt_x", origin: "https://carillon.test" }));
    expect([url.origin + url.pathname, url.hash]).toEqual(["https://reports.example.com/daily", "#top"]);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      team: "7",
      carillon_project: scope.projectId,
      carillon_run: run,
      carillon_token: "cpt_x",
      carillon_page: `https://carillon.test/v1/projects/${scope.projectId}/runs/${run}/page`,
      carillon_capture: "png-pdf",
    });
  });

  it("does not say where the outputs are when nobody has named the deployment's address, nor of a capture when it is none", () => {
    const told = { token: "cpt_x", origin: null };
    const { searchParams } = new URL(externalPageAddress(at, { ...SUBJECT, purpose: "view" }, told));
    expect([searchParams.has("carillon_page"), searchParams.has("carillon_capture")]).toEqual([false, false]);
  });
});
