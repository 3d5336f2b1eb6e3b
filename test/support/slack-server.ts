/**
 * Two stand-ins for Slack, for real: HTTP on loopback, outside workerd. `slack` is the emulator, whole and faithful, where
 * nothing goes wrong by itself. `slackFake` is our own, small, where everything can: `slack-fake.ts`.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createEmulator } from "emulate";
import type { TestProject } from "vitest/node";
import { SLACK_SCOPES } from "../../src/delivery/slack/scopes.ts";
import { answerAsFake } from "./slack-fake.ts";

declare module "vitest" {
  export interface ProvidedContext {
    slack: string;
    slackFake: string;
  }
}

const SEED = {
  slack: {
    team: { name: "Acme", domain: "acme" },
    users: [
      { name: "ada", real_name: "Ada", email: "ada@acme.test" },
      { name: "grace", real_name: "Grace", email: "grace@acme.test" },
    ],
    channels: [{ name: "reports" }, { name: "alerts" }],
    oauth_apps: [
      {
        client_id: "carillon-test",
        client_secret: "slack-client-secret",
        name: "Carillon",
        redirect_uris: ["https://carillon.test/slack/callback"],
      },
    ],
    // The second one is of hands that change what the first one sees.
    tokens: [
      { token: "xoxb-ground", user: "ada", scopes: [...SLACK_SCOPES] },
      {
        token: "xoxb-hands",
        user: "ada",
        scopes: [
          ...SLACK_SCOPES,
          ...["channels:manage", "groups:write", "channels:write"],
          ...["channels:history", "groups:history", "im:history"],
        ],
      },
    ],
    strict_scopes: true,
  },
};

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const port = await freePort();
  const baseUrl = `http://127.0.0.1:${port}`;
  const emulator = await createEmulator({ service: "slack", port, baseUrl, seed: SEED });
  project.provide("slack", baseUrl);
  const fake = createServer((request, response) => {
    answerAsFake(request, response).catch((cause) => response.destroy(cause));
  });
  await new Promise<void>((resolve) => fake.listen(0, "127.0.0.1", resolve));
  project.provide("slackFake", `http://127.0.0.1:${(fake.address() as AddressInfo).port}`);
  return async () => {
    fake.closeAllConnections();
    await new Promise((resolve) => fake.close(resolve));
    await emulator.close();
  };
}

/** The emulator wants to know its port beforehand. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
