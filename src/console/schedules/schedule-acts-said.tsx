/** What was just done to a schedule, and the way to take it back where there is one. */
import { isUuid } from "../../domain/ids.ts";
import type { ScheduleAnswer } from "../answers/schedule.ts";
import type { InProject } from "../in-project.tsx";
import { runPath, schedulePath } from "../page.tsx";
import { Moment } from "../pieces/moment.tsx";
import { Act, Done } from "../pieces/pieces.tsx";

interface SaidProps {
  readonly visit: InProject;
  /** The one that the address names; null: none that is there. */
  readonly schedule: ScheduleAnswer | null;
  readonly isList?: boolean;
}

/** By the word in the address, `?did=`; what else stands there is a number or an id. */
export const SaidOfActs = ({ visit, schedule, isList = false }: SaidProps) => {
  const { did = "", run = "" } = visit.c.req.query();
  if (did === "started")
    return <Done>Started. {isUuid(run) ? <a href={runPath(visit, run)}>Look at the run</a> : null}</Done>;
  if (schedule === null || !isSo(did, schedule)) return null;
  const path = schedulePath(visit, schedule.id);
  switch (did) {
    case "paused":
      return (
        <Done>
          <div class="row">
            <span>Paused. {isList ? <a href={path}>Say why</a> : "Nothing of it is due."}</span>
            {visit.reaches("can_edit") ? (
              <Act action={`${path}/resumption`} label="Undo" fields={isList ? { from: "list" } : {}} />
            ) : null}
          </div>
        </Done>
      );
    case "resumed":
      return <Done>Resumed. What came due while it was paused does not run; the run log says how much that was.</Done>;
    default:
      return isList ? null : <SaidOfOne visit={visit} schedule={schedule} did={did} path={path} />;
  }
};

/** What an act leaves behind. Anybody can write an address: what is not so any more, or never was, is not said. */
const LEFT_AS: ReadonlyMap<string, readonly ScheduleAnswer["state"][]> = new Map([
  ["paused", ["paused"]],
  ["resumed", ["active", "completed"]],
  ["cancelled", ["cancelled"]],
]);

const isSo = (did: string, { state }: ScheduleAnswer): boolean => LEFT_AS.get(did)?.includes(state) ?? true;

interface OneProps {
  readonly visit: InProject;
  readonly schedule: ScheduleAnswer;
  readonly did: string;
  readonly path: string;
}

const SaidOfOne = ({ visit, schedule, did, path }: OneProps) => {
  switch (did) {
    case "made":
      return <Done>Saved. This is how it was understood.</Done>;
    case "saved":
      return <Done>Saved.</Done>;
    case "again":
      return <Done>Made again, as a new schedule: with the same expression, policies and notifications.</Done>;
    case "skipped":
      return <Skipped schedule={schedule} />;
    case "backfilled":
      return <Backfilled count={Number(visit.c.req.query("count"))} />;
    case "cancelled":
      return schedule.origin === "metadata" ? (
        <Done>Cancelled. The next version that is published with its function brings it back.</Done>
      ) : (
        <Done>
          <div class="row">
            <span>Cancelled.</span>
            {visit.reaches("can_edit") ? <Act action={`${path}/again`} label="Make it again" isOnce /> : null}
          </div>
        </Done>
      );
    default:
      return null;
  }
};

const Skipped = ({ schedule: { skips, upcoming, timezone } }: { readonly schedule: ScheduleAnswer }) => {
  const [skipped, next] = [skips.at(-1), upcoming[0]];
  return skipped === undefined ? null : (
    <Done>
      <Moment at={skipped} timezone={timezone} /> will be skipped.{" "}
      {next === undefined ? (
        "Nothing comes after it."
      ) : (
        <>
          The next one is <Moment at={next.effective_at ?? next.scheduled_for} timezone={timezone} />.
        </>
      )}
    </Done>
  );
};

const Backfilled = ({ count }: { readonly count: number }) => (
  <Done>
    {count === 0
      ? "There is no occurrence in that range: nothing runs."
      : `${count === 1 ? "One occurrence runs" : `${count} occurrences run`} once more, one after another. Nobody is told of them.`}
  </Done>
);
