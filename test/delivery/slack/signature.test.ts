/** Whether a request is Slack's: one valid one, and one thing about it spoiled at a time. */
import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { isFromSlack } from "../../../src/delivery/slack/signature.ts";

const SECRET = "8f742231b10e8888abcd99yyyzzz85a5";
const NOW = 1_800_000_000_000;
const BODY = '{"type":"event_callback"}';

function sign(timestamp: string, body = BODY, secret = SECRET) {
  const mac = createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex");
  return { timestamp, signature: `v0=${mac}` };
}
const seconds = (offset = 0): string => String(NOW / 1_000 + offset);

describe("a request of Slack's", () => {
  it.each([0, 299, -299])("is believed %i seconds away", async (offset) => {
    expect(await isFromSlack(SECRET, sign(seconds(offset)), BODY, NOW)).toBe(true);
  });

  it.each([
    ["too old", sign(seconds(-301)), BODY],
    ["of the future", sign(seconds(301)), BODY],
    ["signed with another secret", sign(seconds(), BODY, "other"), BODY],
    ["with another body", sign(seconds()), `${BODY} `],
    ["with another time", { ...sign(seconds()), timestamp: seconds(1) }, BODY],
    ["without a signature", { ...sign(seconds()), signature: null }, BODY],
    ["without a time", { ...sign(seconds()), timestamp: null }, BODY],
    ["with a time that is none", sign("soon"), BODY],
    ["with a signature of another length", { ...sign(seconds()), signature: "v0=00" }, BODY],
  ] as const)("is not believed when it is %s", async (_, signature, body) => {
    expect(await isFromSlack(SECRET, signature, body, NOW)).toBe(false);
  });

  it("has the signature of Slack's own example", async () => {
    // docs.slack.dev/authentication/verifying-requests-from-slack
    const body =
      "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    const signature = {
      timestamp: "1531420618",
      signature: "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    };
    expect(await isFromSlack(SECRET, signature, body, 1_531_420_618_000)).toBe(true);
  });
});
