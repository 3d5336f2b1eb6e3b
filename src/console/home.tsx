/** `/`: who is signed in, where, and with which browsers. */
import { listSessions, type Session } from "../directory/sessions.ts";
import { type Instant, toIso } from "../domain/time/instant.ts";
import { now } from "../system.ts";
import { browserName } from "./browser-name.ts";
import { type Pages, show } from "./door.tsx";
import { Frame } from "./frame.tsx";
import { type Visitor, visitorOf } from "./visitor.ts";

export function mountHome(pages: Pages): void {
  pages.get("/", async (c) => {
    const visitor = await visitorOf(c);
    if (visitor === null) return c.redirect("/sign-in");
    const { scope, memberId } = visitor.membership;
    const sessions = await listSessions(c.env.DIRECTORY, scope, memberId, now());
    return show(c, <HomePage visitor={visitor} sessions={sessions} />);
  });
}

const HomePage = ({ visitor, sessions }: { readonly visitor: Visitor; readonly sessions: readonly Session[] }) => {
  const { workspace, email, role } = visitor.membership;
  return (
    <Frame title={workspace} who={{ workspace, email }}>
      <div class="sheet">
        <dl>
          <dt>You are</dt>
          <dd>{email}</dd>
          <dt>Your role</dt>
          <dd>{role}</dd>
          <dt>The API</dt>
          <dd>
            <a href="/docs">/docs</a>
          </dd>
        </dl>
      </div>
      <h2>Where you are signed in</h2>
      <ul class="sheet">
        {sessions.map((session) => (
          <li>
            {browserName(session.agent)}{" "}
            {session.id === visitor.session ? <span class="mark">this browser</span> : null}
            <br />
            <span class="quiet">
              since <Moment at={session.createdAt} />, last used <Moment at={session.lastUsedAt} />
            </span>
          </li>
        ))}
      </ul>
      <h2>Leave</h2>
      <div class="row">
        <form method="post" action="/sign-out">
          <button type="submit">Sign out here</button>
        </form>
        <form method="post" action="/sign-out/everywhere">
          <button class="second" type="submit">
            Sign out everywhere
          </button>
        </form>
      </div>
    </Frame>
  );
};

const Moment = ({ at }: { readonly at: Instant }) => (
  <time datetime={toIso(at)}>{`${toIso(at).slice(0, 16).replace("T", " ")} UTC`}</time>
);
