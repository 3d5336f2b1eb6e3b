import { describe, expect, it } from "vitest";
import { summary } from "../../scripts/start/summary.ts";

const RUNNING = {
  url: "http://localhost:8787",
  token: "car_x",
  operatorToken: "cop_x",
  signInUrl: "http://localhost:8787/sign-in/x",
  receiverUrl: "http://localhost:9",
  state: ".carillon/state",
};

describe("what npm start tells people", () => {
  it("speaks of captures only where there is no browser to take them", () => {
    expect(summary({ ...RUNNING, missingBrowser: null })).not.toContain("Chromium");
    const without = summary({ ...RUNNING, missingBrowser: "no Chromium was found on the path" });
    expect(without).toMatch(/^ {2}Captures {2}no Chromium was found .*captures fail and say so$/m);
  });
});
