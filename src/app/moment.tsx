/** Instants on the page: in the project's zone, and in UTC beside it. */
import { type Instant, toIso } from "../domain/time/instant.ts";
import { sayMoment } from "../domain/time/saying.ts";

interface MomentProps {
  readonly at: Instant;
  readonly timezone: string;
}

/** As `sayMoment` says it. */
export const Moment = ({ at, timezone }: MomentProps) => <time datetime={toIso(at)}>{sayMoment(at, timezone)}</time>;
