/** What evidence keeps of a page's words and addresses. */
import { describe, expect, it } from "vitest";
import { discreet, discreetUrl } from "../../src/capture/discretion.ts";

describe("evidence", () => {
  it("holds no token, wherever it stands", () => {
    const said = discreet("at https://a.example/?carillon_token=cpt_ab.c-d&x=1 and ?token=t; header cpt_zz");
    expect(said).toBe("at https://a.example/?carillon_token=…&x=1 and ?token=…; header cpt_…");
  });

  it("is short, printable, and without the contents of what is its own address", () => {
    expect(discreet("x".repeat(10_000))).toHaveLength(300);
    expect(discreet("a\u001b[31mb")).toBe("a\ufffd[31mb");
    expect(discreetUrl(`data:image/png;base64,${"A".repeat(1_000)}`)).toBe("data:image/png;base64,…");
  });

  it("has no part of a token that is cut off with the rest", () => {
    expect(discreet(`${"x".repeat(590)} cpt_${"s".repeat(50)}`)).not.toContain("ss");
  });
});
