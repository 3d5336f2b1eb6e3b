/** A Slack message of the outbox, drawn about as Slack draws it: the blocks that our messages are made of, and files. */
import type { Json } from "../domain/json.ts";
import type { FoundInOutbox } from "../runlog/outbox.ts";
import { Markup } from "./slack-markup.tsx";

type Fields = { readonly [key: string]: Json };

export interface SlackInOutbox {
  readonly channel: string;
  readonly text: string;
  readonly blocks: readonly Fields[];
  /** The message that it answers; null: it stands in the channel. */
  readonly thread: string | null;
  readonly files: readonly SlackFile[];
}

interface SlackFile {
  readonly filename: string;
  readonly type: string;
  readonly alt: string;
  /** Base64; null when it was too large to be kept. */
  readonly content: string | null;
}

/** The Slack message that a message is; null when it is none. */
export function readSlackMessage({ channel: way, body }: FoundInOutbox): SlackInOutbox | null {
  const fields = readFields(body);
  if (way !== "slack" || fields === null) return null;
  const { channel, text, blocks, thread, files } = fields;
  return {
    channel: readText(channel),
    text: readText(text),
    blocks: readList(blocks),
    thread: typeof thread === "string" ? thread : null,
    files: readList(files).map(({ filename, type, alt, content }) => ({
      filename: readText(filename),
      type: readText(type),
      alt: readText(alt),
      content: typeof content === "string" ? content : null,
    })),
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
}

export const SlackPage = ({ message: { recipient }, slack }: SlackProps) => (
  <>
    <div class="sheet slack">
      <p>
        <span class="by">Carillon</span> <span class="app">APP</span>{" "}
        <span class="quiet">{slack.thread === null ? `in ${recipient}` : `in a thread of ${recipient}`}</span>
      </p>
      <div class={slack.thread === null ? "" : "reply"}>
        {slack.blocks.map((block) => (
          <Block block={block} />
        ))}
        {slack.blocks.length === 0 && slack.text !== "" ? (
          <p>
            <Markup text={slack.text} />
          </p>
        ) : null}
        {slack.files.map((file) => (
          <File {...file} />
        ))}
      </div>
    </div>
    <details>
      <summary>As plain text, for notifications and screen readers</summary>
      <pre class="source sheet">{slack.text}</pre>
    </details>
    <details>
      <summary>Blocks</summary>
      <pre class="source sheet">{JSON.stringify(slack.blocks, null, 2)}</pre>
    </details>
  </>
);

const Block = ({ block }: { readonly block: Fields }) => {
  switch (block.type) {
    case "header":
      return <h2>{readText(readFields(block.text)?.text)}</h2>;
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
            <p>
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
        <p>
          <Words of={text} />
        </p>
      )}
      {fields.length === 0 ? null : (
        <div class="fields">
          {fields.map((field) => (
            <div>
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

const File = ({ filename, type, alt, content }: SlackFile) => {
  if (content === null) return <p class="quiet">{filename} was too large to be kept here.</p>;
  const address = `data:${type};base64,${content}`;
  if (type.startsWith("image/")) return <img src={address} alt={alt} />;
  return (
    <p>
      <a href={address} download={filename}>
        {filename}
      </a>
    </p>
  );
};

/** Nothing but the web is linked to. */
const readLink = (value: Json | undefined): string => (/^https?:\/\//.test(readText(value)) ? readText(value) : "#");
