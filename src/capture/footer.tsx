/** What stands at the foot of every sheet of a print. Pure. */
import type { Instant } from "../domain/time/instant.ts";
import { wallTimeAt } from "../domain/time/local-time.ts";
import type { ShotCaption } from "./shot.ts";

/** In a style of its own: the page's does not reach it, and the browser's default is too small to be read. */
const STYLE =
  "width:100%;margin:0 0.5in;display:flex;gap:12px;justify-content:space-between;font:8px sans-serif;color:#57606a";
const CLIPPED = "min-width:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap";
const WHOLE = "white-space:nowrap";

/** As HTML. The browser fills in the sheet's number and how many there are, by these classes (`Page.printToPDF`). */
export const footerOf = (caption: ShotCaption): string => String(<Footer {...caption} />);

const Footer = ({ project, schedule, scheduledFor, ranAt, timezone }: ShotCaption) => (
  <div style={STYLE}>
    <span style={CLIPPED}>{schedule === null ? project : `${project} · ${schedule}`}</span>
    <span style={WHOLE}>
      due {moment(scheduledFor, timezone)}
      {ranAt !== null && ` / ran ${moment(ranAt, timezone)}`} {timezone}
    </span>
    <span style={WHOLE}>
      page <span class="pageNumber"></span> of <span class="totalPages"></span>
    </span>
  </div>
);

/** `2027-01-15 10:30:00` in the zone; seconds only where there are any. */
function moment(at: Instant, timezone: string): string {
  const { year, month, day, hour, minute, second } = wallTimeAt(at, timezone);
  const two = (part: number): string => String(part).padStart(2, "0");
  const clock = [hour, minute, ...(second === 0 ? [] : [second])].map(two).join(":");
  return `${year}-${two(month)}-${two(day)} ${clock}`;
}
