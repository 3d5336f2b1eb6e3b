/** SMTP_URL: what it may be, and what a wrong one is told. */
import { describe, expect, it } from "vitest";
import { isMailAddress, readMailServer } from "../../../src/domain/news/mail-server.ts";

const credentials = { user: "ada", password: "s3/c:r@t" };

describe("an address of a mail server", () => {
  it.each([
    ["smtps://ada:s3%2Fc%3Ar%40t@smtp.acme.test", { host: "smtp.acme.test", port: 465, privacy: "tls", credentials }],
    [
      "smtp://ada:s3%2Fc%3Ar%40t@smtp.acme.test",
      { host: "smtp.acme.test", port: 587, privacy: "upgrade", credentials },
    ],
    ["smtp://smtp.acme.test:2525/", { host: "smtp.acme.test", port: 2525, privacy: "offered", credentials: null }],
    ["smtp://ada:s3%2Fc%3Ar%40t@localhost:1025", { host: "localhost", port: 1025, privacy: "offered", credentials }],
    ["smtps://[::1]:1465", { host: "::1", port: 1465, privacy: "tls", credentials: null }],
  ])("%s is understood", (text, server) => {
    expect(readMailServer(text, true)).toEqual({ ok: true, value: server });
  });

  it.each([
    ["smtp.acme.test:587", "such as smtps://"],
    ["https://smtp.acme.test", "such as smtps://"],
    ["smtp://smtp.acme.test:25", "port 25"],
    ["smtp://smtp.acme.test/inbox", "Nothing follows"],
    ["smtp://smtp.acme.test?x=1", "Nothing follows"],
    ["smtps://ada@smtp.acme.test", "both a user and a password"],
    ["smtps://ada:%zz@smtp.acme.test", "percent-encoded"],
    ["smtp://127.0.0.1:1025", "ALLOW_LOOPBACK"],
    ["smtp://[::1]:1025", "ALLOW_LOOPBACK"],
    ["", "such as smtps://"],
  ])("%s is refused, and why is said", (text, words) => {
    const read = readMailServer(text, false);
    expect(read.ok ? "" : read.error).toContain(words);
  });
});

describe("a mail address", () => {
  it.each(["ada@acme.test", "a.b+c@x", "jürgen@bücher.test"])("is %s", (text) => {
    expect(isMailAddress(text)).toBe(true);
  });
  it.each(["", "ada", "a b@x", "a@x>\r\n", "<a@x>", "a@b@c", `${"a".repeat(65)}@x`, "a@x\u0000"])(
    "is not %j",
    (text) => {
      expect(isMailAddress(text)).toBe(false);
    },
  );
});
