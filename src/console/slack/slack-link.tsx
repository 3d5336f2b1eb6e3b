/** Who one is in Slack: shown on several pages, linked by one's address there or by signing in. */
import type { LinkAnswer } from "../answers/slack.ts";
import { Page } from "../page.tsx";
import { Moment } from "../pieces/moment.tsx";
import { Act } from "../pieces/pieces.tsx";
import type { SignedIn } from "../signed-in.tsx";
import { zoneOf } from "../workspace-zone.ts";

/** The pages that show the link, and that its forms lead back to. */
export type LinkHome = "slack" | "preferences";

/** What both pages say after it. */
export const LINK_DONE = {
  linked: "Your Slack account is linked. Whether news comes to you there is up to your preferences.",
  unlinked: "Your Slack account is not linked any more. News for you goes by email.",
};

interface WayProps {
  readonly visit: SignedIn;
  readonly there: string;
  readonly until: number;
  readonly title: string;
  readonly back: string;
}

/** A form of the console stays here, as its policy says: so it is a link that leads to Slack. */
export const WayPage = ({ visit, there, until, title, back }: WayProps) => (
  <Page visit={visit} title={title} up={{ name: "Back", path: back }}>
    <div class="sheet">
      <p>
        Slack asks whether you agree, and leads you back here. The way is good once, in this browser, until{" "}
        <Moment at={until} timezone={zoneOf(visit)} />.
      </p>
      <p>
        <a class="button" href={there} rel="noreferrer">
          Go on to Slack
        </a>
      </p>
      <p class="quiet">
        Nothing is changed yet. Loading this page again makes another way. <a href={back}>Leave it as it is</a>
      </p>
    </div>
  </Page>
);

interface LinkProps {
  readonly visit: SignedIn;
  readonly link: LinkAnswer;
  readonly home: LinkHome;
}

export const OwnLink = ({ visit, link, home }: LinkProps) => {
  const { linked, linked_at: since, slack_user: user, team } = link;
  if (team === null)
    return (
      <p class="quiet">
        The workspace is not connected to Slack, so there is nothing to link.{" "}
        {visit.can("manage_workspace") ? (
          <a href="/slack">Connect it</a>
        ) : (
          "An admin of the workspace can connect it, under Slack."
        )}
      </p>
    );
  return (
    <div class="sheet">
      {linked ? (
        <>
          <p>
            You are <code>{user}</code> in the Slack team <bdi>{team.name}</bdi>
            {since === null ? null : (
              <>
                , linked <Moment at={since} timezone={zoneOf(visit)} />
              </>
            )}
            .
          </p>
          <Act action="/slack/link/removal" label="Unlink" fields={{ home }} />
        </>
      ) : (
        <>
          <p>
            Who you are in the Slack team <bdi>{team.name}</bdi> is not known, so that news for you alone cannot go
            there.
          </p>
          <div class="row">
            <Act
              action="/slack/link"
              label="Link by my email address"
              fields={{ home, method: "email" }}
              tone="first"
            />
            <Act action="/slack/link" label="Link by signing in to Slack" fields={{ home, method: "sign_in" }} />
          </div>
        </>
      )}
    </div>
  );
};
