/** Instants on a page of the console, in a zone that it names. */
import { type Instant, toIso } from "../../domain/time/instant.ts";
import { relativeTo } from "../../domain/time/relative.ts";
import { sayMoment } from "../../domain/time/saying.ts";

interface Props {
  readonly at: Instant;
  readonly timezone: string;
}

/** The exact moment. */
export const Moment = ({ at, timezone }: Props) => <time datetime={toIso(at)}>{sayMoment(at, timezone)}</time>;

/** How far away it is, the exact moment when it is pointed at; the script keeps it true. */
export const Ago = ({ at, timezone, now }: Props & { readonly now: Instant }) => {
  const away = relativeTo(now, at);
  if (away === null) return <Moment at={at} timezone={timezone} />;
  return (
    <time datetime={toIso(at)} data-relative title={sayMoment(at, timezone)}>
      {away}
    </time>
  );
};
