/** A Slack for a local start: the emulator, which knows the address that people are led back to. */
import { createEmulator } from "emulate";
import { SLACK_SCOPES } from "../../src/delivery/slack/scopes.ts";
import { freePort } from "../start/local-carillon.ts";

const APP = { client_id: "carillon-walk", client_secret: "slack-client-secret" };

export class EmulatedSlack {
  readonly #port: number;
  #close: () => Promise<void> = async () => {};

  private constructor(port: number) {
    this.#port = port;
  }

  static make = async (): Promise<EmulatedSlack> => new EmulatedSlack(await freePort());

  /** What a start needs to be told of it. */
  get settings(): Readonly<Record<string, string>> {
    return {
      SLACK_URL: this.#url,
      SLACK_CLIENT_ID: APP.client_id,
      SLACK_CLIENT_SECRET: APP.client_secret,
      SLACK_SIGNING_SECRET: "slack-signing-secret",
    };
  }

  /** `origin`: where Carillon will be. */
  async start(origin: string): Promise<void> {
    const slack = {
      team: { name: "Acme", domain: "acme" },
      users: [{ name: "ada", real_name: "Ada", email: "ada@acme.test" }],
      channels: [{ name: "reports" }],
      oauth_apps: [{ ...APP, name: "Carillon", redirect_uris: [`${origin}/slack/callback`] }],
      tokens: [{ token: "xoxb-ground", user: "ada", scopes: [...SLACK_SCOPES] }],
      strict_scopes: true,
    };
    const emulator = await createEmulator({ service: "slack", port: this.#port, baseUrl: this.#url, seed: { slack } });
    this.#close = () => emulator.close();
  }

  end = (): Promise<void> => this.#close();

  get #url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }
}
