/** Somebody's browser at the console: keeps cookies as told, sends forms as a page would, and never follows by itself. */
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { foundWorkspace } from "../../src/directory/bootstrap.ts";
import { invitationOf } from "../../src/directory/making-invitations.ts";
import { SECRET_RANDOM_BYTES, secretText } from "../../src/directory/sessions.ts";
import { keepLink } from "../../src/directory/sign-in-links.ts";
import type { WorkspaceScope } from "../../src/domain/access.ts";
import { readMemberId } from "../../src/domain/ids.ts";
import type { Env } from "../../src/env.ts";
import worker from "../../src/index.ts";
import { newId, now, randomBytes } from "../../src/system.ts";

export const ORIGIN = "https://carillon.test";

/** What was put into the post. Refuses as the platform does: by a code. */
export class Postbox {
  readonly sent: EmailMessageBuilder[] = [];
  refusal: string | null = null;

  readonly send = async (mail: EmailMessageBuilder): Promise<EmailSendResult> => {
    if (this.refusal !== null) throw Object.assign(new Error(`refused: ${this.refusal}`), { code: this.refusal });
    this.sent.push(mail);
    return { messageId: `<${this.sent.length}@carillon.test>` };
  };

  /** The path of the newest link that was sent. */
  get link(): string {
    const [, path = ""] = /https:\/\/carillon\.test(\/\S+)/.exec(String(this.sent.at(-1)?.text)) ?? [];
    return path;
  }
}

type EmailMessageBuilder = Exclude<Parameters<SendEmail["send"]>[0], EmailMessage>;

export interface Page {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly location: string | null;
}

export class Browser {
  readonly cookies = new Map<string, string>();
  readonly postbox: Postbox;
  /** Called when an answer is there, before what goes on behind it is done. */
  onAnswer: () => void = () => {};
  readonly #settings: Partial<Env>;
  readonly #address: string;

  constructor(postbox = new Postbox(), settings: Partial<Env> = {}) {
    this.postbox = postbox;
    this.#settings = { EMAIL: asBinding(postbox), MAIL_FROM: "carillon@carillon.test", ...settings };
    this.#address = `test-${newId()}`;
  }

  get = (path: string, headers: Record<string, string> = {}): Promise<Page> => this.#send("GET", path, headers);

  /** Sends a form from a page of the console; as pairs where a field has several values, and in parts where it says so. */
  post = (
    path: string,
    fields: Record<string, string> | [string, string][] | FormData = {},
    headers: Record<string, string> = {},
  ): Promise<Page> =>
    this.#send(
      "POST",
      path,
      { "sec-fetch-site": "same-origin", ...headers },
      fields instanceof FormData ? fields : new URLSearchParams(fields),
    );

  /** Asks for a link and answers its path. */
  async askForLink(email: string): Promise<string> {
    const before = this.postbox.sent.length;
    await this.get("/sign-in");
    await this.post("/sign-in", { email });
    if (this.postbox.sent.length !== before + 1) throw new Error(`No mail for ${email}`);
    return this.postbox.link;
  }

  /** Asks for a link and opens it. */
  signIn = async (email: string): Promise<Page> => this.get(await this.askForLink(email));

  async isSignedIn(): Promise<boolean> {
    return (await this.get("/")).status === 200;
  }

  async #send(
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: URLSearchParams | FormData,
  ): Promise<Page> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const request = new Request(ORIGIN + path, {
      method,
      headers: { cookie, "cf-connecting-ip": this.#address, "user-agent": "Test browser", ...headers },
      redirect: "manual",
      ...(body === undefined ? {} : { body }),
    });
    const context = createExecutionContext();
    const response = await worker.fetch(asIncoming(request), makeEnv(this.#settings), context);
    this.onAnswer();
    await waitOnExecutionContext(context);
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    const { status, headers: answered } = response;
    return { status, headers: answered, text: await response.text(), location: answered.get("location") };
  }

  #keep(line: string): void {
    const [, name = "", value = "", rest = ""] = /^([^=]+)=([^;]*);(.*)$/.exec(line) ?? [];
    if (rest.includes("Max-Age=0")) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

/** A workspace with an active admin of a fresh address, and hands to add members. */
export async function makeTeam(name = "Acme", email = freshEmail("ada")) {
  const chance = { now: now(), newId, randomBytes };
  const { scope, adminId, token } = await foundWorkspace(env.DIRECTORY, { name, plan: "enterprise", email }, chance);
  return { scope, adminId, token, email, name };
}

/** An address that no other test uses. */
export const freshEmail = (who: string): string => `${who}-${newId()}@example.test`;

/** Adds somebody who is invited, and answers the path of the invitation. */
export async function invite(scope: WorkspaceScope, email: string, role = "editor") {
  const id = readMemberId(newId());
  const secret = secretText(randomBytes(SECRET_RANDOM_BYTES));
  await env.DIRECTORY.batch([
    env.DIRECTORY.prepare(
      `INSERT INTO members (id, workspace_id, email, role, state, created_at, updated_at)
       VALUES (?1, ?2, ?3, ?4, 'invited', ?5, ?5)`,
    ).bind(id, scope.workspaceId, email, role, now()),
    keepLink(env.DIRECTORY, invitationOf(id, email, now()), secret),
  ]);
  return { id, path: `/invitations/${secret}` };
}

/** The acts in the audit of a workspace, oldest first. */
export async function actsIn(scope: WorkspaceScope): Promise<readonly { act: string; detail: string | null }[]> {
  const { results } = await env.DIRECTORY.prepare("SELECT act, detail FROM audit WHERE workspace_id = ?1 ORDER BY id")
    .bind(scope.workspaceId)
    .all<{ act: string; detail: string | null }>();
  return results;
}

/** The text with another letter in front. */
export const spoil = (text: string): string => (text.startsWith("A") ? "B" : "A") + text.slice(1);

/** Everything that a table holds, as one text to look for secrets in. */
export const dump = async (table: string): Promise<string> =>
  JSON.stringify((await env.DIRECTORY.prepare(`SELECT * FROM ${table}`).all()).results);

/** The bindings of the tests, with some settings of one's own. */
export const makeEnv = (settings: Partial<Env>): Env => ({ ...asEnv(env), ...settings });

const asBinding = (postbox: Postbox): SendEmail => postbox as unknown as SendEmail;
const asEnv = (bound: object): Env => bound as Env;
const asIncoming = (request: Request) => request as Request<unknown, IncomingRequestCfProperties>;
