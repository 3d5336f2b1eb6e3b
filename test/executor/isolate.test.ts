/** What a warm isolate is called: runs that may share one get the same name, and no others do. */
import { describe, expect, it } from "vitest";
import { isolateName } from "../../src/executor/isolate.ts";
import type { AddressRules } from "../../src/http/address.ts";
import { makeScope } from "../support/code-claim.ts";

const RULES: AddressRules = { allowLoopback: false, ownHosts: ["carillon.example.dev"] };

describe("the name of a warm isolate", () => {
  it("is the same for the same modules of the same project", () => {
    const scope = makeScope();
    expect(isolateName(scope, "abc", RULES)).toBe(isolateName(scope, "abc", { ...RULES }));
  });

  it("is another for other modules, another project, another harness, and other rules of the way out", () => {
    const scope = makeScope();
    const names = [
      isolateName(scope, "abc", RULES),
      isolateName(scope, "abd", RULES),
      isolateName(makeScope(), "abc", RULES),
      isolateName(scope, "abc", RULES, "an older harness"),
      isolateName(scope, "abc", { ...RULES, allowLoopback: true }),
      isolateName(scope, "abc", { ...RULES, ownHosts: [] }),
    ];
    expect(new Set(names).size).toBe(names.length);
  });
});
