/** Slack's markup as HTML: bold, italic, struck, code, links, emoji and line breaks (messaging/formatting-message-text). */

interface MarkupProps {
  readonly text: string;
  /** Without markup: only lines are broken. */
  readonly isPlain?: boolean;
}

const EMOJI: Readonly<Record<string, string>> = {
  white_check_mark: "✅",
  x: "❌",
  information_source: "ℹ️",
  warning: "⚠️",
  double_vertical_bar: "⏸️",
};

const TOKEN = /<(https?:\/\/[^|>]+)(?:\|([^>]*))?>|\*([^*\n]+)\*|_([^_\n]+)_|~([^~\n]+)~|`([^`\n]+)`|:([a-z0-9_+-]+):/g;

/** Draws it. */
export const Markup = ({ text, isPlain = false }: MarkupProps) => (
  <>{text.split("\n").map((line, index) => [index === 0 ? null : <br />, ...(isPlain ? [line] : drawLine(line))])}</>
);

function drawLine(line: string) {
  const drawn = [];
  let end = 0;
  for (const match of line.matchAll(TOKEN)) {
    drawn.push(unescaped(line.slice(end, match.index)), <Token match={match} />);
    end = match.index + match[0].length;
  }
  return [...drawn, unescaped(line.slice(end))];
}

const Token = ({ match }: { readonly match: RegExpExecArray }) => {
  const [whole, link, label, bold, italic, struck, code, emoji] = match;
  if (link !== undefined)
    return (
      <a href={unescaped(link)} target="_blank" rel="noreferrer">
        {unescaped(label || link)}
      </a>
    );
  if (bold !== undefined) return <strong>{unescaped(bold)}</strong>;
  if (italic !== undefined) return <em>{unescaped(italic)}</em>;
  if (struck !== undefined) return <s>{unescaped(struck)}</s>;
  if (code !== undefined) return <code>{unescaped(code)}</code>;
  return <span>{EMOJI[emoji ?? ""] ?? whole}</span>;
};

/** The three characters that Slack has escaped. */
const unescaped = (text: string): string =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
