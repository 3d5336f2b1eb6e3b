/**
 * `/outbox`: on one's own machine, the mail and the Slack messages that would have left it. Shown to whoever is signed in, and
 * where LOCAL_SIGN_IN is set to whoever sits there: the mail with the link to sign in with is among them.
 */

import { isUuid } from "../../domain/ids.ts";
import { toIso } from "../../domain/time/instant.ts";
import { sayMoment } from "../../domain/time/saying.ts";
import { readConfig } from "../../env.ts";
import {
  type FoundInOutbox,
  findInOutbox,
  findThread,
  listOutbox,
  type OutboxMessage,
  readOutboxFile,
} from "../../runlog/outbox.ts";
import { type Pages, showWith, type Visit } from "../door.tsx";
import { Frame, Notice } from "../frame.tsx";
import { visitorOf } from "../visitor.ts";
import { frameOf, MailPage, readMail } from "./outbox-mail.tsx";
import { readSlackMessage, SlackPage } from "./outbox-slack.tsx";
import { OUTBOX_SHEET, OutboxStyle } from "./outbox-style.tsx";

/** Its own sheet, the mail in its frame, and the pictures of a Slack message. */
const LOOKS = { styles: [OUTBOX_SHEET], rules: ["frame-src 'self'", "img-src 'self'"] };

/** A mail brings its own styles and pictures along, and may do nothing else; links open beside it. */
const FRAME_POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "img-src data:",
  "form-action 'none'",
  "frame-ancestors 'self'",
  "sandbox allow-popups allow-popups-to-escape-sandbox",
].join("; ");

export function mountOutbox(pages: Pages): void {
  pages.get("/outbox", async (c) => {
    if (!(await mayLook(c))) return c.notFound();
    return showWith(c, <OutboxPage messages={await listOutbox(c.env.RUNLOG)} />, LOOKS);
  });
  pages.get("/outbox/:id", async (c) => {
    const message = await findMessage(c);
    if (message === null) return missing(c);
    const thread = readSlackMessage(message)?.thread ?? null;
    const answered = thread === null ? null : await findThread(c.env.RUNLOG, message, thread);
    return showWith(c, <MessagePage message={message} answered={answered} />, LOOKS);
  });
  pages.get("/outbox/:id/html", async (c) => {
    const message = await findMessage(c);
    const mail = message === null ? null : readMail(message);
    if (message === null || mail === null) return missing(c);
    c.header("content-security-policy", FRAME_POLICY);
    const read = (place: number) => readOutboxFile(c.env.RUNLOG, message.id, place);
    return c.html(await frameOf(mail.html, message.files, read));
  });
  pages.get("/outbox/:id/files/:place", sendFile);
}

async function mayLook(c: Visit): Promise<boolean> {
  const { localOutbox, localSignIn } = readConfig(c.env);
  return localOutbox && (localSignIn || (await visitorOf(c)) !== null);
}

async function findMessage(c: Visit): Promise<FoundInOutbox | null> {
  const id = c.req.param("id") ?? "";
  return isUuid(id) && (await mayLook(c)) ? findInOutbox(c.env.RUNLOG, id) : null;
}

/** A picture is shown where a page asks for it, everything else is saved: a page of somebody's must not open as one of ours. */
async function sendFile(c: Visit): Promise<Response> {
  const message = await findMessage(c);
  const place = Number(c.req.param("place"));
  const file = message?.files[place];
  if (message === null || file === undefined) return missing(c);
  const bytes = await readOutboxFile(c.env.RUNLOG, message.id, place);
  return c.body(new Uint8Array(bytes).buffer, 200, {
    "content-type": file.contentType,
    "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(file.filename)}`,
    "content-security-policy": "default-src 'none'; sandbox",
    "x-content-type-options": "nosniff",
  });
}

/** Where there is no outbox there is no such page; elsewhere the message has had to make room. */
const missing = async (c: Visit): Promise<Response> =>
  (await mayLook(c)) ? showWith(c, <GonePage />, { ...LOOKS, status: 404 }) : c.notFound();

type Listed = Omit<OutboxMessage, "body">;

const CHANNEL_NAMES = { email: "Email", slack: "Slack" } as const;

const OutboxPage = ({ messages }: { readonly messages: readonly Listed[] }) => (
  <Frame title="Outbox" who={WHO}>
    <OutboxStyle />
    <p class="quiet">Nothing leaves this machine. What would have been sent is here, the newest first.</p>
    {messages.length === 0 ? (
      <div class="sheet">
        <p>There is nothing here yet. Sign in by mail, invite somebody, or let a run end that people are told of.</p>
      </div>
    ) : (
      <ul class="sheet">
        {messages.map((message) => (
          <ListedMessage {...message} />
        ))}
      </ul>
    )}
  </Frame>
);

const ListedMessage = ({ id, channel, recipient, title, at }: Listed) => (
  <li>
    <span class="mark">{CHANNEL_NAMES[channel]}</span> <a href={`/outbox/${id}`}>{title}</a>
    <br />
    <span class="quiet">
      to {recipient}, <time datetime={toIso(at)}>{sayMoment(at, "UTC")}</time>
    </span>
  </li>
);

interface MessageProps {
  readonly message: FoundInOutbox;
  /** What a Slack message in a thread answers. */
  readonly answered: Pick<OutboxMessage, "id" | "title"> | null;
}

const MessagePage = ({ message, answered }: MessageProps) => {
  const mail = readMail(message);
  const slack = readSlackMessage(message);
  return (
    <Frame title={message.title} who={WHO}>
      <OutboxStyle />
      <p class="quiet">
        <a href="/outbox">Outbox</a> · {CHANNEL_NAMES[message.channel]} to {message.recipient},{" "}
        {sayMoment(message.at, "UTC")}
      </p>
      {mail === null ? null : <MailPage message={message} mail={mail} />}
      {slack === null ? null : <SlackPage message={message} slack={slack} answered={answered} />}
      {mail === null && slack === null ? <pre class="source">{JSON.stringify(message.body, null, 2)}</pre> : null}
    </Frame>
  );
};

const GonePage = () => (
  <Notice
    title="This message is not here"
    lines={["The outbox keeps the newest 500 messages."]}
    next={{ href: "/outbox", label: "See them" }}
  />
);

/** In place of who is signed in, which need be nobody. */
const WHO = { workspace: "this machine", email: "nothing leaves it" };
