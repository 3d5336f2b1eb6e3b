/** An instant on a page of the console, in a zone that it names. */
import { type Instant, toIso } from "../domain/time/instant.ts";
import { sayMoment } from "../domain/time/saying.ts";

export const Moment = ({ at, timezone }: { readonly at: Instant; readonly timezone: string }) => (
  <time datetime={toIso(at)}>{sayMoment(at, timezone)}</time>
);
