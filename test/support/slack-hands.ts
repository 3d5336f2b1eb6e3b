/** Somebody's hands in the emulator of Slack: makes channels, invites, agrees to what an app asks for, and reads what was posted. */
import { env } from "cloudflare:workers";

/** A token of the emulator's own, that may do what the deployment's may not. */
const HANDS = { authorization: "Bearer xoxb-hands" };

export interface PostedMessage {
  readonly ts: string;
  readonly text: string;
  readonly blocks?: readonly { readonly type: string }[];
  readonly files?: readonly { readonly id: string; readonly name: string; readonly mimetype: string }[];
}

/** Calls a method, which is expected to go well. */
async function call<Answer>(method: string, args: Record<string, string>): Promise<Answer> {
  const answer = await fetch(`${env.SLACK_URL}/api/${method}`, {
    method: "POST",
    headers: HANDS,
    body: new URLSearchParams(args),
  });
  const said: Answer & { readonly ok: boolean } = await answer.json();
  if (!said.ok) throw new Error(`${method}: ${JSON.stringify(said)}`);
  return said;
}

/** Makes a channel and answers its id. */
export async function makeSlackChannel(name: string, { isPrivate = false } = {}): Promise<string> {
  const made = await call<{ channel: { id: string } }>("conversations.create", { name, is_private: String(isPrivate) });
  return made.channel.id;
}

export const inviteToChannel = (channel: string, user: string): Promise<unknown> =>
  call("conversations.invite", { channel, users: user });

export const archiveChannel = (channel: string): Promise<unknown> => call("conversations.archive", { channel });

/** What stands in a channel, oldest first, threads not counted. */
export const messagesIn = async (channel: string): Promise<readonly PostedMessage[]> =>
  (await call<{ messages: PostedMessage[] }>("conversations.history", { channel })).messages.reverse();

/** A message and what follows in its thread. */
export const threadOf = async (channel: string, { ts }: PostedMessage): Promise<readonly PostedMessage[]> =>
  (await call<{ messages: PostedMessage[] }>("conversations.replies", { channel, ts })).messages;

/** The bytes of the first file of a message. */
export async function fileOf({ files: [file] = [] }: PostedMessage): Promise<Uint8Array> {
  const answer = await fetch(`${env.SLACK_URL}/files-pri/${file?.id}/${file?.name}`, { headers: HANDS });
  return new Uint8Array(await answer.arrayBuffer());
}

/** Agrees as this person to what a page of Slack asks for, as its form does; answers where it leads back to. */
export async function agreeInSlack(way: string, name = "ada"): Promise<string> {
  const page = await (await fetch(way)).text();
  const forms = page.split("<form").slice(1);
  const form = forms.find((one) => one.includes(`${name}@`) || one.includes(`>${name}<`)) ?? forms[0] ?? "";
  const fields = [...form.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, key = "", value = ""]) => [
    key,
    value.replaceAll("&amp;", "&"),
  ]);
  const agreed = await fetch(`${env.SLACK_URL}/oauth/v2/authorize/callback`, {
    method: "POST",
    body: new URLSearchParams(fields),
    redirect: "manual",
  });
  const back = new URL(agreed.headers.get("location") ?? "");
  if (back.origin + back.pathname !== "https://carillon.test/slack/callback") throw new Error(`Led to ${back.href}`);
  return back.pathname + back.search;
}
