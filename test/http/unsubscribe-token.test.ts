/** The token at the foot of a mail. */
import { describe, expect, it } from "vitest";
import { readMemberId, readProjectId, readScheduleId, readWorkspaceId } from "../../src/domain/ids.ts";
import { makeUnsubscribeToken, readUnsubscribeToken, unsubscribeAddress } from "../../src/http/unsubscribe-token.ts";
import { newId } from "../../src/system.ts";

const KEY = Buffer.alloc(32, 7).toString("base64");

const makeSubject = () => ({
  workspace: readWorkspaceId(newId()),
  project: readProjectId(newId()),
  member: readMemberId(newId()),
  schedule: readScheduleId(newId()),
});

describe("a token to unsubscribe with", () => {
  it("says who unsubscribes from what, in an address that no mail program folds", async () => {
    const subject = makeSubject();
    const token = await makeUnsubscribeToken(KEY, subject);
    expect(await readUnsubscribeToken(KEY, token)).toEqual({
      scope: { workspaceId: subject.workspace, projectId: subject.project },
      member: subject.member,
      schedule: subject.schedule,
    });
    expect(unsubscribeAddress("https://carillon.a-rather-long-team-name.workers.dev", token).length).toBeLessThan(180);
  });

  it("is nothing when a letter of it is another one, wherever", async () => {
    const token = await makeUnsubscribeToken(KEY, makeSubject());
    for (const place of token.split("").keys()) {
      const other = token[place] === "A" ? "B" : "A";
      expect(await readUnsubscribeToken(KEY, token.slice(0, place) + other + token.slice(place + 1))).toBeNull();
    }
  });

  it("is nothing with another deployment's key, nor cut, nor longer", async () => {
    const token = await makeUnsubscribeToken(KEY, makeSubject());
    expect(await readUnsubscribeToken(Buffer.alloc(32, 8).toString("base64"), token)).toBeNull();
    for (const text of ["", token.slice(1), `${token}A`, `${token}=`, "x"])
      expect(await readUnsubscribeToken(KEY, text)).toBeNull();
  });
});
