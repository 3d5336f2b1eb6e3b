/** Schedules of which one wants no news, and taking that back. */
import type { UnsubscriptionAnswer } from "../answers/workspace.ts";
import { address } from "../client.ts";
import { Ago } from "../pieces/moment.tsx";
import { Act } from "../pieces/pieces.tsx";
import type { SignedIn } from "../signed-in.tsx";
import { zoneOf } from "../workspace-zone.ts";

interface Props {
  readonly visit: SignedIn;
  readonly unsubscriptions: readonly UnsubscriptionAnswer[];
}

export const OwnUnsubscriptions = ({ visit, unsubscriptions }: Props) =>
  unsubscriptions.length === 0 ? (
    <p class="quiet">You have unsubscribed from nothing. Each mail has a link at its end that does it.</p>
  ) : (
    <ul class="sheet">
      {unsubscriptions.map(({ schedule_id: schedule, project, created_at: since }) => (
        <li data-key={schedule}>
          <div class="line">
            <a href={address`/projects/${project.slug}/schedules/${schedule}`}>
              A schedule of <bdi>{project.name}</bdi>
            </a>
            <span class="quiet">
              since <Ago at={since} timezone={zoneOf(visit)} now={visit.now} />
            </span>
            <span class="end">
              <Act action="/preferences/subscriptions" label="Get news of it again" fields={{ schedule }} />
            </span>
          </div>
        </li>
      ))}
    </ul>
  );
