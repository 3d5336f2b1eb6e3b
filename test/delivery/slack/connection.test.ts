/** The connection of a workspace: opened, renewed when its token expires, and held when Slack refuses it. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { openSlack, type SlackKeys, sealInstalled } from "../../../src/delivery/slack/connection.ts";
import { callVia, type SlackConnected } from "../../../src/delivery/slack/via.ts";
import {
  breakSlackConnection,
  findSlackConnection,
  keepSlackConnection,
} from "../../../src/directory/slack-connections.ts";
import { now } from "../../../src/system.ts";
import { makeAdmin } from "../../api/caller.ts";
import { scribeAt } from "../../support/scribe.ts";
import type { FakeScript } from "../../support/slack-fake.ts";
import { makeSlackTeam } from "../../support/slack-team.ts";

const HOUR = 3_600_000;
const INSTALLED = {
  token: "xoxb-first",
  refreshToken: null,
  expiresIn: null,
  scopes: "chat:write",
  appId: "A1",
  botUserId: "U0BOT",
  team: { id: "T0FAKE", name: "Fake" },
  enterpriseId: null,
};

/** A workspace that is connected to a team which answers as the script says. */
async function makeConnected(
  more: Partial<typeof INSTALLED> | { refreshToken: string; expiresIn: number } = {},
  script: FakeScript = {},
) {
  const { scope } = await makeAdmin();
  const team = await makeSlackTeam(script);
  const keys: SlackKeys = {
    db: env.DIRECTORY,
    key: env.CARILLON_KEY,
    app: { url: team.via.url, clientId: "id", clientSecret: "secret" },
    rules: { allowLoopback: true, ownHosts: [] },
    now: now(),
    keep: null,
  };
  const sealed = await sealInstalled(env.CARILLON_KEY, { ...INSTALLED, ...more }, now());
  await keepSlackConnection(env.DIRECTORY, scope, { ...sealed, isStandIn: true }, "ada@acme.test", scribeAt());
  const via = async (keysNow = keys): Promise<SlackConnected> => {
    const opened = await openSlack(keysNow, scope);
    if (opened.kind !== "connected" || opened.via.kind !== "connected") throw new Error(opened.kind);
    return opened.via;
  };
  return { scope, keys, team, via };
}

const renewedTo = (token: string, refresh: string) => ({
  text: JSON.stringify({ ok: true, access_token: token, refresh_token: refresh, expires_in: 43_200 }),
});

describe("a connection", () => {
  it("is none before somebody connects", async () => {
    const { keys } = await makeConnected();
    expect(await openSlack(keys, (await makeAdmin()).scope)).toEqual({ kind: "none" });
  });

  it("keeps its token sealed, and opens it", async () => {
    const { scope, via } = await makeConnected();
    expect(JSON.stringify(await findSlackConnection(env.DIRECTORY, scope))).not.toContain("xoxb");
    expect((await via()).token).toBe("xoxb-first");
  });

  it("is held when it broke, and broken once", async () => {
    const { scope, keys, via } = await makeConnected();
    const { connectedAt } = await via();
    const trouble = { reason: "slack_disconnected", message: "Slack answered token_revoked." } as const;
    expect(await breakSlackConnection(env.DIRECTORY, scope, { connectedAt, trouble }, now())).toBe(true);
    expect(await breakSlackConnection(env.DIRECTORY, scope, { connectedAt, trouble }, now())).toBe(false);
    expect(await openSlack(keys, scope)).toMatchObject({ kind: "broken", trouble });
  });

  it("that is new is not broken by what an older one was answered", async () => {
    const { scope, via } = await makeConnected();
    const { connectedAt } = await via();
    const sealed = await sealInstalled(env.CARILLON_KEY, { ...INSTALLED, token: "xoxb-second" }, now());
    await keepSlackConnection(env.DIRECTORY, scope, { ...sealed, isStandIn: true }, "ada@acme.test", scribeAt());
    const trouble = { reason: "slack_disconnected", message: "Slack answered token_revoked." } as const;
    expect(await breakSlackConnection(env.DIRECTORY, scope, { connectedAt, trouble }, now())).toBe(false);
    expect((await via()).token).toBe("xoxb-second");
  });
});

describe("a token that expires", () => {
  const ROTATING = { refreshToken: "xoxe-1", expiresIn: 12 * HOUR };

  it("is renewed shortly before, and both are kept, sealed", async () => {
    const { scope, keys, team, via } = await makeConnected(ROTATING, {
      mishaps: { "oauth.v2.access": [renewedTo("xoxb-second", "xoxe-2")] },
    });
    expect((await via()).token).toBe("xoxb-first");
    expect((await via({ ...keys, now: now() + 12 * HOUR })).token).toBe("xoxb-second");
    const [call] = (await team.seen()).calls;
    expect(call?.args).toEqual({ grant_type: "refresh_token", refresh_token: "xoxe-1" });
    expect(call?.authorization).toBe(`Basic ${btoa("id:secret")}`);
    expect((await via({ ...keys, now: now() + 13 * HOUR })).token).toBe("xoxb-second");
    expect(JSON.stringify(await findSlackConnection(env.DIRECTORY, scope))).not.toContain("xox");
  });

  it("is renewed when Slack says so first", async () => {
    const { team, via } = await makeConnected(ROTATING, {
      mishaps: { "auth.test": [{ error: "token_expired" }], "oauth.v2.access": [renewedTo("xoxb-second", "xoxe-2")] },
    });
    expect((await callVia(await via(), "auth.test")).ok).toBe(true);
    expect((await team.seen()).calls.at(-1)?.authorization).toBe("Bearer xoxb-second");
  });

  it("is taken from whoever was faster", async () => {
    const { via } = await makeConnected(ROTATING, {
      mishaps: { "oauth.v2.access": [renewedTo("xoxb-second", "xoxe-2"), { error: "invalid_refresh_token" }] },
    });
    const [one, other] = [await via(), await via()];
    expect(await one.renew()).toEqual({ ok: true, value: "xoxb-second" });
    expect(await other.renew()).toEqual({ ok: true, value: "xoxb-second" });
  });

  it("is expired when Slack refuses to renew it", async () => {
    const { via } = await makeConnected(ROTATING, {
      mishaps: { "oauth.v2.access": [{ error: "invalid_refresh_token" }] },
    });
    expect(await (await via()).renew()).toMatchObject({
      ok: false,
      error: { code: "token_expired", phase: "refused" },
    });
  });

  it("is not taken for expired when Slack cannot be reached", async () => {
    const { via } = await makeConnected(ROTATING, { mishaps: { "oauth.v2.access": [{ status: 503 }] } });
    expect(await (await via()).renew()).toMatchObject({ ok: false, error: { phase: "not_sent" } });
  });
});
