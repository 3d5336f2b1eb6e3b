/** The browsers in which one is signed in, and signing out of one, of this one, or of all. */
import type { SessionAnswer } from "../answers/workspace.ts";
import { Ago } from "../pieces/moment.tsx";
import { Act } from "../pieces/pieces.tsx";
import type { SignedIn } from "../signed-in.tsx";
import { zoneOf } from "../workspace-zone.ts";
import { browserName } from "./browser-name.ts";

interface Props {
  readonly visit: SignedIn;
  readonly sessions: readonly SessionAnswer[];
}

export const OwnSessions = ({ visit, sessions }: Props) => (
  <>
    <ul class="sheet">
      {sessions.map((session) => (
        <OneSession visit={visit} session={session} />
      ))}
    </ul>
    <Act action="/sign-out/everywhere" label="Sign out everywhere, here too" tone="danger" />
  </>
);

const OneSession = ({ visit, session }: { readonly visit: SignedIn; readonly session: SessionAnswer }) => (
  <li data-key={session.id}>
    <div class="line">
      <span>
        <bdi>{browserName(session.agent)}</bdi>
      </span>
      {session.is_current ? <span class="mark">this browser</span> : null}
      <span class="quiet">
        since <Ago at={session.created_at} timezone={zoneOf(visit)} now={visit.now} />, last used{" "}
        <Ago at={session.last_used_at} timezone={zoneOf(visit)} now={visit.now} />
      </span>
      <span class="end">
        {session.is_current ? (
          <Act action="/sign-out" label="Sign out here" />
        ) : (
          <Act action="/preferences/sessions" label="Sign out there" fields={{ session: session.id }} />
        )}
      </span>
    </div>
  </li>
);
