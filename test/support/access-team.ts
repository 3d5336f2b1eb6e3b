/** A Cloudflare Access team: signs tokens with its keys, and hands the keys in at the receiver, where the Worker asks. */
import { env } from "cloudflare:workers";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { newId } from "../../src/system.ts";
import type { ReceivedCall } from "./receiver-server.ts";

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;

export class AccessTeam {
  readonly issuer = `${env.RECEIVER}/access-${newId()}`;
  readonly audience = "f00d";
  readonly #keys = new Map<string, KeyPair>();

  /** A team with one key, `first`, which it has handed in. */
  static async make(): Promise<AccessTeam> {
    const team = new AccessTeam();
    await team.addKey("first");
    await team.publishKeys();
    return team;
  }

  async addKey(id: string): Promise<void> {
    this.#keys.set(id, await generateKeyPair("RS256", { extractable: true }));
  }

  async publishKeys(): Promise<void> {
    const keys = [...this.#keys].map(async ([kid, { publicKey }]) => ({
      ...(await exportJWK(publicKey)),
      kid,
      alg: "RS256",
      use: "sig",
    }));
    await fetch(this.#certs, { method: "PUT", body: JSON.stringify({ keys: await Promise.all(keys) }) });
  }

  /** A good token, spoiled as told. */
  async sign(
    claims: Readonly<Record<string, unknown>> = {},
    { kid = "first", by }: { readonly kid?: string; readonly by?: string } = {},
  ): Promise<string> {
    const seconds = Math.floor(Date.now() / 1_000);
    const good = {
      iss: this.issuer,
      aud: [this.audience],
      iat: seconds,
      nbf: seconds,
      exp: seconds + 60,
      email: "a@b.test",
    };
    const key = this.#keys.get(by ?? kid)?.privateKey;
    if (key === undefined) throw new Error(`No key ${by ?? kid}`);
    return new SignJWT({ ...good, ...claims }).setProtectedHeader({ alg: "RS256", kid }).sign(key);
  }

  /** How often the keys were asked for. */
  async asked(): Promise<number> {
    const calls: readonly ReceivedCall[] = await (await fetch(this.issuer)).json();
    return calls.length;
  }

  get #certs(): string {
    return `${this.issuer}/cdn-cgi/access/certs`;
  }
}
