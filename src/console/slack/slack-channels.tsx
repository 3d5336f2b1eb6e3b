/** The channels of the connected Slack team: searched, fetched anew, and one of them asked about now. */
import type { ChannelAnswer } from "../answers/slack.ts";
import { withQuery } from "../client.ts";
import { TextField, type Wrongs } from "../pieces/fields.tsx";
import { Ago } from "../pieces/moment.tsx";
import { Act, Done, More } from "../pieces/pieces.tsx";
import type { SignedIn } from "../signed-in.tsx";
import { zoneOf } from "../workspace-zone.ts";

export interface FoundChannels {
  readonly items: readonly ChannelAnswer[];
  readonly next_cursor: string | null;
}

interface Props {
  readonly visit: SignedIn;
  readonly channels: FoundChannels;
  readonly syncedAt: number | null;
  /** What Slack answered just now of one of them. */
  readonly checked: ChannelAnswer | undefined;
  readonly typed: string;
  readonly wrongs: Wrongs;
}

export const Channels = ({ visit, channels, syncedAt, checked, typed, wrongs }: Props) => {
  const { q = "" } = visit.c.req.query();
  const { items, next_cursor: next } = channels;
  return (
    <>
      <h2 id="channels">Channels</h2>
      {checked === undefined ? null : <Checked channel={checked} />}
      <div class="line field">
        <p class="quiet">
          {syncedAt === null ? (
            "They have not been fetched yet."
          ) : (
            <>
              As fetched <Ago at={syncedAt} timezone={zoneOf(visit)} now={visit.now} />, which is done once a day.
            </>
          )}
        </p>
        <Act action="/slack/channels" label="Fetch them now" />
      </div>
      <form class="filters" method="get" action="/slack">
        <TextField name="q" label="Search by name" type="search" value={q} autocomplete="off" />
        <button class="second" type="submit">
          Search
        </button>
      </form>
      {items.length === 0 ? <NoChannel q={q} /> : null}
      {items.length === 0 ? null : (
        <ul class="sheet">
          {items.map((channel) => (
            <OneChannel channel={channel} />
          ))}
        </ul>
      )}
      <More href={next === null ? null : withQuery("/slack", { q, cursor: next })}>More channels</More>
      <CheckForm typed={typed} wrongs={wrongs} />
    </>
  );
};

const nameOf = ({ id, name }: ChannelAnswer): string => (name === null ? id : `#${name}`);

const NoChannel = ({ q }: { readonly q: string }) => (
  <p class="quiet">
    {q === "" ? (
      "There is no channel in the list."
    ) : (
      <>
        No channel of the list is called so. <a href="/slack#channels">Show all of them</a>
      </>
    )}{" "}
    Private ones are there once the app was invited to them.
  </p>
);

const Checked = ({ channel }: { readonly channel: ChannelAnswer }) =>
  channel.usable ? (
    <Done>
      News can go to <bdi>{nameOf(channel)}</bdi>
      {channel.can_share_files ? ", with pictures." : ". Pictures go along once the app was invited there."}
    </Done>
  ) : (
    <div class="trouble" role="alert">
      <p class="wrong">
        News cannot go to <bdi>{nameOf(channel)}</bdi> yet.
      </p>
      <p>{channel.fix}</p>
      <Act action="/slack/checks" label="Check again" fields={{ channel: channel.id }} />
    </div>
  );

const OneChannel = ({ channel }: { readonly channel: ChannelAnswer }) => (
  <li data-key={channel.id}>
    <div class="line">
      <bdi>{nameOf(channel)}</bdi>
      {channel.private ? <span class="mark">private</span> : null}
      {channel.archived ? <span class="mark warn">archived</span> : null}
      {channel.usable && !channel.can_share_files ? <span class="mark">without pictures</span> : null}
      <code class="quiet">{channel.id}</code>
      {channel.usable ? null : (
        <span class="end">
          <Act action="/slack/checks" label="Check again" fields={{ channel: channel.id }} />
        </span>
      )}
    </div>
    {channel.fix === null ? null : <p class="quiet">{channel.fix}</p>}
  </li>
);

const CheckForm = ({ typed, wrongs }: Pick<Props, "typed" | "wrongs">) => (
  <form class="sheet" method="post" action="/slack/checks">
    <h2>A channel that is not in the list</h2>
    <p class="quiet">For a private channel: invite the app to the channel in Slack, then check again.</p>
    <TextField
      name="channel"
      label="Channel"
      hint="Its link as Slack copies it, or its id."
      value={typed}
      placeholder="C0123456789"
      required
      autocomplete="off"
      wrongs={wrongs}
    />
    <button class="second" type="submit">
      Check it
    </button>
  </form>
);
