/** The settings of a deployment: what is refused when it starts, and by which name. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { type Env, readConfig } from "../src/env.ts";

const withSettings = (settings: Partial<Env>): Env => ({ ...env, ...settings });

describe("the number of browsers", () => {
  it.each(["0", "00", "-1", "1.5", "four", " 4"])("is refused when it is no count of at least one: %j", (text) => {
    expect(() => readConfig(withSettings({ CAPTURE_BROWSERS: text }))).toThrow(
      expect.objectContaining({
        name: "ConfigError",
        setting: "CAPTURE_BROWSERS",
        message: expect.stringContaining("at least 1"),
      }),
    );
  });

  it("is four where none is named, and one where one is", () => {
    const read = (text: string) => readConfig(withSettings({ CAPTURE_BROWSERS: text })).captureBrowsers;
    expect([read(""), read("1")]).toEqual([4, 1]);
  });
});

describe("a limit of retries", () => {
  it("may be none at all", () => {
    expect(readConfig(withSettings({ RETRY_MAX_ATTEMPTS: "0" })).retry.maxAttempts).toBe(0);
  });
});
