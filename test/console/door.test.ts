/** What the door says to a form that it cannot take, and to one that came when the session had ended. */
import { describe, expect, it, vi } from "vitest";
import { Browser } from "./browser.ts";
import { browserOf, makeProjectTeam } from "./project-team.ts";

async function someBrowser(): Promise<Browser> {
  return browserOf((await makeProjectTeam()).owner);
}

describe("a form", () => {
  it("that is too large is answered by a page that says how large it may be, and where what was typed is", async () => {
    const browser = await someBrowser();
    const small = await browser.post("/groups", { name: "x".repeat(300_000) });
    expect([small.status, small.text]).toEqual([413, expect.stringContaining("It takes 256 kB")]);
    expect(small.text).toContain("what you typed is still in this tab");
    const code = await browser.post("/projects/p/versions/new", { module_text: "x".repeat(5_300_000) });
    expect([code.status, code.text]).toEqual([413, expect.stringContaining("It takes 5 MB")]);
  });

  it("that is none is refused, which is no fault", async () => {
    const noted = vi.spyOn(console, "error");
    const browser = await someBrowser();
    for (const type of ["application/json", "text/plain", "multipart/form-data"]) {
      const answer = await browser.post("/groups", { name: "A" }, { "content-type": type });
      expect([type, answer.status, answer.text]).toEqual([type, 415, expect.stringContaining("This is no form")]);
    }
    expect(noted).not.toHaveBeenCalled();
  });

  it("whose fields would lead elsewhere by their dots does nothing", async () => {
    const browser = await someBrowser();
    for (const session of ["", ".", ".."])
      expect((await browser.post("/preferences/sessions", { session })).status, session).toBe(404);
    expect(await browser.isSignedIn()).toBe(true);
  });
});

describe("a form that is sent when the session has ended", () => {
  it("is kept with its whole address and in its own way, for the same person to send again", async () => {
    const { text } = await new Browser().post("/groups?from=%22x%22", { name: "A" });
    expect(text).toContain('action="/groups?from=%22x%22"><input type="hidden" name="name" value="A"/>');
    expect(text).toContain("Sign in as the same person");
    const parts = new FormData();
    parts.set("name", "A");
    expect((await new Browser().post("/groups", parts)).text).toContain(
      'action="/groups" enctype="multipart/form-data"><input type="hidden" name="name" value="A"/>',
    );
  });
});
