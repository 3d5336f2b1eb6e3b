/** A mail of the outbox, as its recipient would see it: the HTML in a frame of its own, the text, the headers, the files. */
import type { MailInOutbox } from "../../delivery/email/outbox-post.ts";
import type { Json } from "../../domain/json.ts";
import type { FileInOutbox, FoundInOutbox } from "../../runlog/outbox.ts";

/** The mail that a message is; null when it is none. */
export function readMail({ channel, body }: FoundInOutbox): MailInOutbox | null {
  return channel === "email" && isMail(body) ? body : null;
}

const isMail = (body: Json | MailInOutbox): body is MailInOutbox =>
  typeof body === "object" && body !== null && "html" in body && "text" in body && "headers" in body;

/** The HTML with the pictures in it that it shows by their content ids. What it links to opens beside it. */
export async function frameOf(
  html: string,
  files: readonly FileInOutbox[],
  read: (place: number) => Promise<Uint8Array>,
): Promise<string> {
  let framed = html.replace("<head>", '<head><base target="_blank">');
  for (const [place, { contentId, contentType }] of files.entries()) {
    if (contentId === null) continue;
    const content = Buffer.from(await read(place)).toString("base64");
    framed = framed.replaceAll(`"cid:${contentId}"`, `"data:${contentType};base64,${content}"`);
  }
  return framed;
}

interface MailProps {
  readonly message: FoundInOutbox;
  readonly mail: MailInOutbox;
}

export const MailPage = ({ message: { id, files }, mail }: MailProps) => (
  <>
    <dl class="sheet">
      <dt>From</dt>
      <dd>{mail.from}</dd>
      <dt>To</dt>
      <dd>{mail.to}</dd>
      <dt>Subject</dt>
      <dd>{mail.subject}</dd>
    </dl>
    <h2>As it looks</h2>
    <iframe
      class="mail"
      src={`/outbox/${id}/html`}
      title="The mail"
      sandbox="allow-popups allow-popups-to-escape-sandbox"
    />
    <Files id={id} files={files} />
    <details>
      <summary>As plain text</summary>
      <pre class="source sheet">{mail.text}</pre>
    </details>
    <details>
      <summary>Headers</summary>
      <dl class="sheet">
        {Object.entries(mail.headers).map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </>
        ))}
      </dl>
    </details>
  </>
);

/** What goes along, to be saved; of those that are shown in the mail too. */
export const Files = ({ id, files }: { readonly id: string; readonly files: readonly FileInOutbox[] }) =>
  files.length === 0 ? null : (
    <>
      <h2>Files</h2>
      <ul class="sheet">
        {files.map(({ filename, contentType, size }, place) => (
          <li>
            <a href={`/outbox/${id}/files/${place}`}>{filename}</a>{" "}
            <span class="quiet">
              {contentType}, {Math.ceil(size / 1024)} KiB
            </span>
          </li>
        ))}
      </ul>
    </>
  );
