/**
 * A small Slack that fails as it is told. `/<box>/api/<method>` is the Web API of a team of its own; `PUT /<box>` says what is
 * to go wrong, by method, one entry for each call to come; `GET /<box>` answers all that happened there.
 */
import type { IncomingMessage, ServerResponse } from "node:http";

/** What one call comes to. */
export type Mishap =
  /** Nothing goes wrong with this one. */
  | "fine"
  /** Slack refuses, by a code. */
  | { readonly error: string; readonly needed?: string }
  /** An HTTP status, with a Retry-After in seconds if there is one. */
  | { readonly status: number; readonly retryAfter?: number }
  /** It is not done, or it is, and the connection breaks off. */
  | { readonly lost: "before" | "after" }
  /** It is done, and the answer comes so much later. */
  | { readonly slow: number }
  /** It is done, and the answer is this text. */
  | { readonly text: string };

export interface FakeScript {
  readonly mishaps?: Readonly<Record<string, readonly Mishap[]>>;
  /** How often `files.info` is asked before it shows where a file is. */
  readonly sharedAfter?: number;
}

export interface FakeMessage {
  readonly channel: string;
  readonly ts: string;
  readonly text: string;
  readonly blocks: string | null;
  readonly metadata: string | null;
  readonly thread: string | null;
  readonly file: string | null;
}

export interface FakeFile {
  readonly id: string;
  readonly filename: string;
  readonly alt: string | null;
  bytes: number;
  channel: string | null;
  thread: string | null;
  looks: number;
}

/** All that happened in a box. */
export interface FakeTeam {
  readonly calls: { readonly method: string; readonly args: Record<string, string>; readonly authorization: string }[];
  readonly messages: FakeMessage[];
  readonly files: FakeFile[];
  readonly joined: string[];
  script: FakeScript;
}

const teams = new Map<string, FakeTeam>();

export async function answerAsFake(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, box = "", , method = "", file = ""] = new URL(request.url ?? "/", "http://fake").pathname.split("/");
  const team = teams.get(box) ?? { calls: [], messages: [], files: [], joined: [], script: {} };
  teams.set(box, team);
  const body = await read(request);
  if (request.method === "GET") return send(response, 200, JSON.stringify(team));
  if (request.method === "PUT") {
    team.script = JSON.parse(body.toString());
    return send(response, 200, "{}");
  }
  const args = method === "upload" ? { file } : Object.fromEntries(new URLSearchParams(body.toString()));
  team.calls.push({ method, args, authorization: request.headers.authorization ?? "" });
  const base = `http://${request.headers.host}/${box}`;
  const mishap = nextMishap(team, method);
  const act = (): object => perform(team, method, args, base, body);
  await misfortune(response, mishap, act);
}

/** The list is counted by the calls: it is written anew for each test. */
function nextMishap({ script, calls }: FakeTeam, method: string): Mishap {
  const count = calls.filter((call) => call.method === method).length;
  return script.mishaps?.[method]?.[count - 1] ?? "fine";
}

async function misfortune(response: ServerResponse, mishap: Mishap, act: () => object): Promise<void> {
  if (mishap === "fine") return send(response, 200, JSON.stringify(act()));
  if ("error" in mishap) return send(response, 200, JSON.stringify({ ok: false, ...mishap }));
  if ("status" in mishap) {
    const { status, retryAfter } = mishap;
    return send(response, status, "<html>", retryAfter === undefined ? {} : { "retry-after": String(retryAfter) });
  }
  if ("lost" in mishap) {
    if (mishap.lost === "after") act();
    // The proxy of the tests answers a connection that breaks off as a server's fault.
    return send(response, 502, "");
  }
  const answer = act();
  if ("text" in mishap) return send(response, 200, mishap.text);
  await new Promise((resolve) => setTimeout(resolve, mishap.slow));
  return send(response, 200, JSON.stringify(answer));
}

function perform(team: FakeTeam, method: string, args: Record<string, string>, base: string, body: Buffer): object {
  const { messages, files } = team;
  switch (method) {
    case "chat.postMessage":
      return post(team, args);
    case "conversations.open":
      return { ok: true, channel: { id: `D0${args.users}` } };
    case "conversations.join":
      team.joined.push(args.channel ?? "");
      return { ok: true };
    case "files.getUploadURLExternal": {
      if (!Number(args.length)) return { ok: false, error: "missing_argument" };
      const id = `F${files.length + 1}`;
      const { filename = "", alt_txt: alt = null } = args;
      files.push({ id, filename, alt, bytes: 0, channel: null, thread: null, looks: 0 });
      return { ok: true, file_id: id, upload_url: `${base}/api/upload/${id}` };
    }
    case "upload": {
      const file = files.find(({ id }) => id === args.file);
      if (file !== undefined) file.bytes = body.length;
      return { ok: true };
    }
    case "files.completeUploadExternal":
      return publish(team, args);
    case "files.info":
      return look(team, args.file);
    case "chat.update":
      return { ok: messages.some(({ ts }) => ts === args.ts) };
    default:
      return { ok: true };
  }
}

function post({ messages }: FakeTeam, args: Record<string, string>): object {
  const { channel = "", text = "", blocks = null, metadata = null, thread_ts: thread = null } = args;
  const ts = `1800000000.${String(messages.length + 1).padStart(6, "0")}`;
  messages.push({ channel, ts, text, blocks, metadata, thread, file: null });
  return { ok: true, channel, ts };
}

/** As Slack does: the answer does not say where the file is. */
function publish(
  team: FakeTeam,
  { files: named = "[]", channel_id: channel = "", thread_ts: thread = "" }: Record<string, string>,
) {
  const [first] = JSON.parse(named) as { id: string }[];
  const file = team.files.find(({ id }) => id === first?.id);
  if (file === undefined || file.bytes === 0 || file.channel !== null) return { ok: false, error: "file_not_found" };
  file.channel = channel;
  file.thread = thread;
  team.messages.push({
    channel,
    ts: `1900000000.${file.id}`,
    text: "",
    blocks: null,
    metadata: null,
    thread,
    file: file.id,
  });
  return { ok: true, files: [{ id: file.id }] };
}

function look({ files, script }: FakeTeam, id: string | undefined): object {
  const file = files.find((one) => one.id === id);
  if (file === undefined || file.channel === null) return { ok: false, error: "file_not_found" };
  file.looks += 1;
  const isSeen = file.looks > (script.sharedAfter ?? 0);
  return { ok: true, file: { id, shares: isSeen ? { public: { [file.channel]: [{ thread_ts: file.thread }] } } : {} } };
}

function send(response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(body);
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}
