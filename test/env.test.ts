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

describe("a mail server", () => {
  const read = (settings: Partial<Env>) => readConfig(withSettings(settings)).mailServer;

  it("is none where none is named, and else what its address says", () => {
    expect(read({})).toBeNull();
    expect(read({ SMTP_URL: "smtps://a:b@smtp.acme.test", MAIL_FROM: "c@acme.test" })).toMatchObject({ port: 465 });
  });

  it.each([
    [{ SMTP_URL: "smtp://smtp.acme.test:25", MAIL_FROM: "c@acme.test" }, "SMTP_URL", "port 25"],
    [{ SMTP_URL: "smtp.acme.test", MAIL_FROM: "c@acme.test" }, "SMTP_URL", "smtps://"],
    [{ SMTP_URL: "smtp://localhost", MAIL_FROM: "c@acme.test", ALLOW_LOOPBACK: "false" }, "SMTP_URL", "this machine"],
    [{ SMTP_URL: "smtps://smtp.acme.test" }, "MAIL_FROM", "a sender"],
    [{ SMTP_URL: "smtps://smtp.acme.test", MAIL_FROM: "Carillon <c@acme.test>" }, "MAIL_FROM", "a sender"],
  ])("is refused when mail could not go out by it: %j", (settings, setting, words) => {
    expect(() => read(settings)).toThrow(
      expect.objectContaining({ name: "ConfigError", setting, message: expect.stringContaining(words) }),
    );
  });
});

describe("a Slack app", () => {
  const APP = { SLACK_CLIENT_ID: "id", SLACK_CLIENT_SECRET: "s", SLACK_SIGNING_SECRET: "s", SLACK_URL: "" };
  const read = (settings: Partial<Env>) => readConfig(withSettings({ ...APP, ...settings })).slack;

  it("is none where none is named, and else is Slack's own", () => {
    expect(read({ SLACK_CLIENT_ID: "" })).toBeNull();
    expect(read({})).toMatchObject({ url: "https://slack.com", clientId: "id" });
  });

  it.each(["SLACK_CLIENT_SECRET", "SLACK_SIGNING_SECRET"])("is refused without %s", (setting) => {
    expect(() => read({ [setting]: "" })).toThrow(expect.objectContaining({ name: "ConfigError", setting }));
  });

  it("is refused when it is nowhere", () => {
    expect(() => read({ SLACK_URL: "slack" })).toThrow(expect.objectContaining({ setting: "SLACK_URL" }));
  });
});
