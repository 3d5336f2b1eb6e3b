/** How people name a Slack channel: by its id, by a link to it, or by its name. Pure. */

declare const brand: unique symbol;
/** Slack's own id of a channel: C or G, then capitals and digits. */
export type SlackChannelId = string & { readonly [brand]: "slack_channel" };

export type SlackChannelReference =
  | { readonly kind: "id"; readonly id: SlackChannelId }
  | { readonly kind: "name"; readonly name: string };

const ID = /^[CG][A-Z0-9]{2,20}$/;
/** A copied link: https://team.slack.com/archives/C0123456789, or app.slack.com/client/T…/C…, with whatever follows. */
const LINK =
  /^https:\/\/[a-z0-9.-]*slack(?:-gov)?\.com\/(?:archives|client\/[TE][A-Z0-9]+)\/([CG][A-Z0-9]{2,20})(?:[/?#].*)?$/;
/** Letters of any script in lower case, digits, - and _ (Slack allows 80 of them). */
const NAME = /^#?([^\s#A-Z@,.:;/()]{1,80})$/u;

export const isSlackChannelId = (text: string): text is SlackChannelId => ID.test(text);

/** Throws for anything else: what the directory and an actor keep was read before. */
export function readSlackChannelId(text: string): SlackChannelId {
  if (!isSlackChannelId(text))
    throw new TypeError(`Not the id of a Slack channel: ${JSON.stringify(text.slice(0, 60))}`);
  return text;
}

/** What was pasted or typed; null when it can be no channel. */
export function readSlackChannelReference(text: string): SlackChannelReference | null {
  const given = text.trim();
  const id = LINK.exec(given)?.[1] ?? given;
  if (isSlackChannelId(id)) return { kind: "id", id };
  const name = NAME.exec(given)?.[1];
  return name === undefined ? null : { kind: "name", name };
}
