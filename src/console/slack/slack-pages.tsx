/** The pages that Slack leads back to. */
import type { Membership } from "../../directory/memberships.ts";
import type { SlackStateFailure } from "../../directory/slack-states.ts";
import { unreachable } from "../../domain/result.ts";
import { Frame, Notice, SIGN_IN } from "../frame.tsx";

/**
 * Why somebody who came back from Slack is not connected or linked. `declined`: they did not agree; `refused`: Slack did not,
 * by a code.
 */
export type SlackPageTrouble =
  | SlackStateFailure
  | "declined"
  | "refused"
  | "not_admin"
  | "plan"
  | "not_connected"
  | "other_team"
  | "team_taken";

interface Done {
  readonly team: string;
  readonly membership: Membership;
}

export const ConnectedPage = ({ team, membership: { workspace, email } }: Done) => (
  <Frame title="Slack is connected" who={{ workspace, email }}>
    <div class="sheet">
      <p>
        {workspace} is connected to the Slack team {team}.
      </p>
      <p>
        Its channels are being fetched, which takes a moment. Private ones are there once the app was invited to them.
      </p>
      <p>
        <a href="/slack">Go on to what Slack granted, and its channels</a>
      </p>
    </div>
  </Frame>
);

export const LinkedPage = ({ team, membership: { workspace, email } }: Done) => (
  <Frame title="Your Slack account is linked" who={{ workspace, email }}>
    <div class="sheet">
      <p>You are known in the Slack team {team}. Whether news comes to you there is up to your preferences.</p>
      <p>
        <a href="/preferences">Go on to your preferences</a>
      </p>
    </div>
  </Frame>
);

export const NoSlackPage = () => (
  <Notice
    title="There is no Slack here"
    lines={["This deployment has no Slack app. If you run it: set SLACK_CLIENT_ID and the two secrets beside it."]}
  />
);

/** Nothing is lost: the way is good for ten minutes. */
export const SignInFirstPage = () => (
  <Notice
    title="Sign in to Carillon first"
    lines={[
      "Whoever comes back from Slack must be signed in to Carillon with the same browser, as the member who went there.",
      "Sign in, and start again.",
    ]}
    next={SIGN_IN}
  />
);

export const SlackTroublePage = ({
  trouble,
  detail,
}: {
  readonly trouble: SlackPageTrouble;
  readonly detail: string;
}) => (
  <Notice
    title="Nothing was connected"
    lines={[sayTrouble(trouble, detail), ...(trouble === "not_admin" || trouble === "plan" ? [] : ["Start again."])]}
    next={{ href: "/slack", label: "Go back to Slack in Carillon" }}
  />
);

function sayTrouble(trouble: SlackPageTrouble, detail: string): string {
  switch (trouble) {
    case "unknown":
      return "Nobody went to Slack from here with what this browser brought back.";
    case "used":
      return "This way to Slack and back has been used. It works once.";
    case "expired":
      return "It took longer than ten minutes, so the way back has expired.";
    case "other_member":
      return "Somebody else went to Slack, or you did so in another workspace. Whoever begins it must end it, in the same one.";
    case "declined":
      return "You did not agree in Slack.";
    case "refused":
      return `Slack did not agree: ${detail}.`;
    case "not_admin":
      return "Only admins of the workspace connect it to Slack.";
    case "plan":
      return "The workspace's plan has no Slack. A larger one does.";
    case "not_connected":
      return "The workspace is not connected to Slack any more. An admin connects it first.";
    case "team_taken":
      return `Another workspace of this deployment is connected to the Slack team ${detail}, and one alone can be: they would share one app and its token. Disconnect it there first, or run a deployment with a Slack app of its own.`;
    case "other_team":
      return `You signed in to another Slack team than the one the workspace is connected to, which is ${detail}.`;
    default:
      return unreachable(trouble);
  }
}
