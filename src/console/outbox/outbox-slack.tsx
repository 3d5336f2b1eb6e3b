/** A Slack message of the outbox, drawn about as Slack draws it: the blocks that our messages are made of, and files. */
import type { Json } from "../../domain/json.ts";
import type { FileInOutbox, FoundInOutbox, OutboxMessage } from "../../runlog/outbox.ts";
import { Markup } from "./slack-markup.tsx";

type Fields = { readonly [key: string]: Json };

export interface SlackInOutbox {
  readonly channel: string;
  readonly text: string;
  readonly blocks: readonly Fields[];
  /** The message that it answers; null: it stands in the channel. */
  readonly thread: string | null;
}

/** The Slack message that a message is; null when it is none. */
export function readSlackMessage({ channel: way, body }: FoundInOutbox): SlackInOutbox | null {
  const fields = readFields(body);
  if (way !== "slack" || fields === null) return null;
  const { channel, text, blocks, thread } = fields;
  return {
    channel: readText(channel),
    text: readText(text),
    blocks: readList(blocks),
    thread: typeof thread === "string" ? thread : null,
  };
}

const readFields = (value: Json | undefined): Fields | null =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : null;
const readText = (value: Json | undefined): string => (typeof value === "string" ? value : "");
const readList = (value: Json | undefined): readonly Fields[] =>
  isList(value) ? value.map(readFields).filter((fields) => fields !== null) : [];
const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

interface SlackProps {
  readonly message: FoundInOutbox;
  readonly slack: SlackInOutbox;
  /** What it answers; null when it stands in the channel, or when that has had to make room. */
  readonly answered: Pick<OutboxMessage, "id" | "title"> | null;
}

export const SlackPage = ({ message: { id, recipient, files }, slack, answered }: SlackProps) => (
  <>
    <div class="sheet slack">
      <p>
        <span class="by">Carillon</span> <span class="app">APP</span>{" "}
        <span class="quiet">
          {slack.thread === null ? `in ${recipient}` : `in a thread of ${recipient}`}
          {answered === null ? null : (
            <>
              , under <a href={`/outbox/${answered.id}`}>{answered.title}</a>
            </>
          )}
        </span>
      </p>
      <div class={slack.thread === null ? "" : "reply"}>
        {slack.blocks.map((block) => (
          <Block block={block} />
        ))}
        {slack.blocks.length === 0 && slack.text !== "" ? (
          <p dir="auto">
            <Markup text={slack.text} />
          </p>
        ) : null}
        {files.map((file, place) => (
          <File {...file} address={`/outbox/${id}/files/${place}`} alt={slack.text} />
        ))}
      </div>
    </div>
    <details>
      <summary>As plain text, for notifications and screen readers</summary>
      <pre class="source sheet">{slack.text}</pre>
    </details>
    {slack.blocks.length === 0 ? null : (
      <details>
        <summary>Blocks</summary>
        <pre class="source sheet">{JSON.stringify(slack.blocks, null, 2)}</pre>
      </details>
    )}
  </>
);

const Block = ({ block }: { readonly block: Fields }) => {
  switch (block.type) {
    case "header":
      return <h2 dir="auto">{readText(readFields(block.text)?.text)}</h2>;
    case "section":
      return <Section block={block} />;
    case "actions":
      return (
        <div>
          {readList(block.elements).map((element) => (
            <a
              class={`action ${readText(element.style)}`}
              href={readLink(element.url)}
              target="_blank"
              rel="noreferrer"
            >
              {readText(readFields(element.text)?.text)}
            </a>
          ))}
        </div>
      );
    case "context":
      return (
        <div class="context">
          {readList(block.elements).map((element) => (
            <p dir="auto">
              <Words of={element} />
            </p>
          ))}
        </div>
      );
    case "divider":
      return <hr />;
    default:
      return <pre class="source">{JSON.stringify(block, null, 2)}</pre>;
  }
};

const Section = ({ block }: { readonly block: Fields }) => {
  const text = readFields(block.text);
  const fields = readList(block.fields);
  return (
    <>
      {text === null ? null : (
        <p dir="auto">
          <Words of={text} />
        </p>
      )}
      {fields.length === 0 ? null : (
        <div class="fields">
          {fields.map((field) => (
            <div dir="auto">
              <Words of={field} />
            </div>
          ))}
        </div>
      )}
    </>
  );
};

/** A text object: plain, or in Slack's markup. */
const Words = ({ of }: { readonly of: Fields }) =>
  of.type === "mrkdwn" ? <Markup text={readText(of.text)} /> : <Markup text={readText(of.text)} isPlain />;

interface FileProps extends FileInOutbox {
  readonly address: string;
  readonly alt: string;
}

/** A picture as it looks, with all of it a click away; of anything else a card. */
const File = ({ filename, contentType, size, address, alt }: FileProps) => (
  <figure class="file">
    {contentType.startsWith("image/") ? (
      <a href={address}>
        <img src={address} alt={alt} />
      </a>
    ) : null}
    <figcaption>
      <a href={address} download={filename}>
        {filename}
      </a>{" "}
      <span class="quiet">
        {contentType}, {Math.ceil(size / 1024)} KiB
      </span>
    </figcaption>
  </figure>
);

/** Nothing but the web is linked to. */
const readLink = (value: Json | undefined): string => (/^https?:\/\//.test(readText(value)) ? readText(value) : "#");
