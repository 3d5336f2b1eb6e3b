/** What a workspace holds at most, and what the README says of it. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { WORKSPACE_LIMITS, workspaceRefusal } from "../../src/domain/workspace-limits.ts";

describe("a limit of a workspace", () => {
  it("is refused with its name, the number allowed and the use it would come to, and lifted by no plan", () => {
    expect(workspaceRefusal("groups", 1_001)).toEqual({
      code: "limit_reached",
      limit: "groups",
      allowed: 1_000,
      used: 1_001,
    });
  });

  it("is told in the README", () => {
    const row = readFileSync("README.md", "utf8")
      .split("\n")
      .find((line) => line.startsWith("| a workspace |"));
    const said = (name: string, number: number) => `${number.toLocaleString("en")} ${name}`;
    const { projects, members, groups, webhooks, tokens, personal_tokens: personal } = WORKSPACE_LIMITS;
    for (const each of [
      said("projects", projects),
      said("members", members),
      said("groups", groups),
      said("webhook endpoints", webhooks),
      said("tokens", tokens),
      `${personal} of them personal ones of one member`,
    ])
      expect(row).toContain(each);
  });
});
