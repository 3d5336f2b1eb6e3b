/**
 * Markdown as HTML that a page of ours can hold: no HTML of the author's own, no address that runs anything, pictures by
 * https alone, and headings that stand below the page's.
 */
import MarkdownIt from "markdown-it";

/** The page has the first level and the function the second. */
const HEADINGS_BELOW = 2;
/** Deeper quotes and lists are text. */
const NESTING_MAX = 20;

const markdown = new MarkdownIt({ html: false, linkify: true, maxNesting: NESTING_MAX });

markdown.core.ruler.push("headings", ({ tokens }) => {
  for (const token of tokens) {
    if (!token.type.startsWith("heading_")) continue;
    token.tag = `h${Math.min(Number(token.tag.slice(1)) + HEADINGS_BELOW, 6)}`;
  }
});

markdown.renderer.rules.link_open = (tokens, index, options, _, self) => {
  tokens[index]?.attrSet("rel", "noopener noreferrer");
  return self.renderToken(tokens, index, options);
};

const { image } = markdown.renderer.rules;
markdown.renderer.rules.image = (tokens, index, options, env, self) => {
  const token = tokens[index];
  const isSafe = /^https:/i.test(String(token?.attrGet("src") ?? ""));
  return isSafe && image !== undefined
    ? image(tokens, index, options, env, self)
    : markdown.utils.escapeHtml(token?.content ?? "");
};

export const renderMarkdown = (text: string): string => markdown.render(text);
