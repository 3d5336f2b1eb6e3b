/**
 * The permissions that are asked of Slack (docs.slack.dev/reference/scopes), and what each is for. Pure. All are asked for;
 * whoever administers a team may grant fewer, and then what they are for is missing and says so.
 */

export const SLACK_SCOPES = [
  "chat:write",
  "chat:write.public",
  "files:write",
  "files:read",
  "channels:read",
  "channels:join",
  "groups:read",
  "im:write",
  "users:read",
  "users:read.email",
] as const;
export type SlackScope = (typeof SLACK_SCOPES)[number];

/** What a personal link by signing in asks for: who they are, and nothing more. */
export const LINK_SCOPES = "users:read";

export const SLACK_FEATURES = [
  "text",
  "public_channels",
  "private_channels",
  "files",
  "confirmation",
  "direct_messages",
  "link_by_email",
] as const;
export type SlackFeature = (typeof SLACK_FEATURES)[number];

interface Need {
  readonly scopes: readonly SlackScope[];
  readonly without: string;
}

/** What each feature takes, and what is so without it. */
export const SLACK_NEEDS: Readonly<Record<SlackFeature, Need>> = {
  text: { scopes: ["chat:write"], without: "Nothing can be sent." },
  public_channels: {
    scopes: ["channels:read", "chat:write.public", "channels:join"],
    without: "Public channels are not listed, or get news only once the app was invited to them.",
  },
  private_channels: {
    scopes: ["groups:read"],
    without: "Private channels are neither listed nor checked.",
  },
  files: { scopes: ["files:write"], without: "News goes without pictures, with a link to them." },
  confirmation: {
    scopes: ["files:read"],
    without: "Nobody can see whether a picture has arrived: it is published once, and not looked for.",
  },
  direct_messages: { scopes: ["im:write"], without: "Nobody gets direct messages; they get mail." },
  link_by_email: {
    scopes: ["users:read", "users:read.email"],
    without: "Members link their accounts by signing in to Slack, not by their address.",
  },
};

/** Scopes as Slack writes them: `chat:write,files:write`. */
export const readScopes = (text: string): ReadonlySet<string> => new Set(text.split(/[\s,]+/).filter(Boolean));

/** The scopes that a feature lacks. */
export const missingFor = (feature: SlackFeature, granted: ReadonlySet<string>): readonly SlackScope[] =>
  SLACK_NEEDS[feature].scopes.filter((scope) => !granted.has(scope));
