/** News as a Slack message: blocks for people who see it, and the same words as plain text for everybody else. */
import type { KnownBlock } from "@slack/types";
import { deliveryFix } from "../../domain/news/delivery-failure.ts";
import {
  badgeOf,
  buttonLabel,
  explanation,
  facts,
  TEST_NOTE,
  titleOf,
  toneOf,
  unreachedLines,
  type Without,
  whyYouHear,
  withoutPicture,
} from "../../domain/news/wording.ts";
import type { NewsForRecipient } from "../channel.ts";

/** What is posted. */
export interface SlackMessage {
  readonly title: string;
  /** All of it, in Slack's markup. */
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
}

/** What becomes of the picture, as the text says it. */
export type PictureWord =
  | { readonly kind: "none" }
  /** It comes, in the thread. */
  | { readonly kind: "follows"; readonly isPreview: boolean }
  /** It may still come. */
  | { readonly kind: "late" }
  | { readonly kind: "stays_away"; readonly why: Without };

/**
 * All blocks together hold fewer than 3,000 characters, although 50 blocks of 3,000 are documented: from about 13,000 in all
 * Slack answers msg_blocks_too_long. What is longer is in the run, which the button leads to.
 */
const TITLE_MAX = 150;
const BODY_MAX = 1_000;
const EXPLANATION_MAX = 700;
const FACT_MAX = 100;
const FACTS_MAX = 8;
const NOTE_MAX = 250;
const TEXT_MAX = 2_900;

const MARKS = { good: ":white_check_mark:", bad: ":x:", quiet: ":information_source:" } as const;

/** Composes it. */
export function composeSlack(given: NewsForRecipient, picture: PictureWord): SlackMessage {
  const { news, project, notification, links, timezone } = given;
  const title = titleOf(news, project, notification);
  const said = [...explanation(news, timezone), ...unreachedLines(news)].join("\n");
  const status = `${MARKS[toneOf(news)]} *${escapeText(badgeOf(news))}*`;
  const rows = facts(news, project, timezone).slice(0, FACTS_MAX);
  const body = notification?.body ?? "";
  const notes = notesOf(given, picture);
  const blocks: readonly KnownBlock[] = [
    { type: "header", text: { type: "plain_text", text: shorten(title, TITLE_MAX), emoji: false } },
    { type: "section", text: { type: "mrkdwn", text: status, verbatim: true }, fields: rows.map(fieldOf) },
    ...plainSection(body, BODY_MAX),
    ...plainSection(said, EXPLANATION_MAX),
    ...(links.run === null ? [] : [buttonTo(links.run, buttonLabel(news))]),
    {
      type: "context",
      elements: notes.map((text) => ({ type: "mrkdwn", text, verbatim: true })),
    },
  ];
  const lines = [
    `*${escapeShort(title, TITLE_MAX)}*`,
    escapeShort(body, BODY_MAX),
    escapeShort(said, EXPLANATION_MAX),
    rows.map(({ label, value }) => `${escapeText(label)}: ${escapeShort(value, FACT_MAX)}`).join("\n"),
    links.run === null ? "" : `<${linkText(links.run)}|${escapeText(buttonLabel(news))}>`,
    ...notes,
  ];
  return { title, text: fitting(lines.filter((line) => line !== "")), blocks };
}

/** Whole paragraphs, as many as fit. */
function fitting(lines: readonly string[]): string {
  const kept: string[] = [];
  let left = TEXT_MAX;
  for (const line of lines) {
    if (line.length + 2 > left) continue;
    kept.push(line);
    left -= line.length + 2;
  }
  return kept.join("\n\n");
}

/** The small print: what of the picture, whether it is a test, why it comes here. In Slack's markup. */
function notesOf(
  { news, notification, target, links, picture: given }: NewsForRecipient,
  picture: PictureWord,
): string[] {
  const link =
    links.capture === null
      ? ""
      : ` <${linkText(links.capture)}|See the ${given?.format === "pdf" ? "PDF" : "picture"}>`;
  const format = given?.format ?? "png";
  return [
    ...(news.isTest ? [escapeText(TEST_NOTE)] : []),
    ...pictureNote(picture, format, link),
    escapeShort(whyYouHear(news, notification, target.recipient.kind), NOTE_MAX),
  ];
}

function pictureNote(picture: PictureWord, format: "png" | "pdf", link: string): readonly string[] {
  const what = format === "pdf" ? "PDF" : "picture";
  switch (picture.kind) {
    case "none":
      return [];
    case "follows":
      return picture.isPreview
        ? [`${escapeText(withoutPicture(format, { kind: "preview" }))} It follows in the thread.${link}`]
        : [`The ${what} of the app follows in the thread.`];
    case "late":
      return [`${escapeText(withoutPicture(format, { kind: "late" }))} If it comes, it comes in the thread.${link}`];
    case "stays_away":
      return [`${escapeShort(sayAway(format, picture.why), NOTE_MAX)}${link}`];
  }
}

/** A capture that failed is told in its own words; what Slack does not take, with what mends it. */
function sayAway(format: "png" | "pdf", why: Without): string {
  if (why.kind !== "failed" || why.failure.reason === "picture_failed") return withoutPicture(format, why);
  return `The ${format === "pdf" ? "PDF" : "picture"} of the app does not go along: ${why.failure.message} ${deliveryFix(why.failure.reason)}`;
}

const fieldOf = ({ label, value }: { readonly label: string; readonly value: string }) =>
  ({ type: "mrkdwn", text: `*${escapeText(label)}*\n${escapeShort(value, FACT_MAX)}`, verbatim: true }) as const;

/** What people wrote, or a function: as it is, without markup. Slack refuses an empty one. */
const plainSection = (text: string, max: number): readonly KnownBlock[] =>
  text.trim() === "" ? [] : [{ type: "section", text: { type: "plain_text", text: shorten(text, max), emoji: false } }];

const buttonTo = (url: string, label: string): KnownBlock => ({
  type: "actions",
  elements: [{ type: "button", action_id: "open_run", url, text: { type: "plain_text", text: label, emoji: false } }],
});

/** The three characters that mean something in Slack's markup (messaging/formatting-message-text). */
export const escapeText = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** Within a link, its own delimiter too. */
const linkText = (url: string): string => escapeText(url).replaceAll("|", "%7C");

/** Escaped text is longer than what it says: it is cut before, so that no entity is cut in two. */
const escapeShort = (text: string, max: number): string => {
  let short = shorten(text, max);
  while (escapeText(short).length > max) short = shorten(short, Math.max(1, Math.floor(short.length * 0.8)));
  return escapeText(short);
};

/** Cut between characters, with a sign that it was. */
export function shorten(text: string, max: number): string {
  const characters = [...text];
  if (text.length <= max) return text;
  let kept = characters.slice(0, max - 1);
  while (kept.join("").length > max - 1) kept = kept.slice(0, -1);
  return `${kept.join("")}…`;
}
