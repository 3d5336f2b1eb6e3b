/** Who was told of a run, and what became of it: each delivery with its state, the reason and what mends it. */
import { isSettled } from "../../domain/news/delivery.ts";
import type { DeliveryAnswer } from "../answers/delivery.ts";
import { Moment } from "../pieces/moment.tsx";
import { Said } from "../pieces/said.tsx";
import { CHANNEL_WORDS, PICTURE_WORDS, STATE_WORDS } from "./delivery-words.ts";

interface Props {
  readonly deliveries: readonly DeliveryAnswer[];
  /** Of each of the schedule's notifications at its place; null of one without its own. */
  readonly subjects: readonly (string | null)[];
  readonly zone: string;
  /** The one that was just sent for once more; null when none was. */
  readonly again: DeliveryAnswer | null;
  /** Where each can be sent again, for whoever may; absent: it is nobody's to do here. */
  readonly doors?: string;
}

export const DeliveryList = ({ again, ...props }: Props) => (
  <>
    <h2 id="news">Who was told</h2>
    {again === null ? null : <Again delivery={again} />}
    {props.deliveries.length === 0 ? (
      <p class="quiet">{props.doors === undefined ? "You were told nothing of it." : "Nobody was told of it."}</p>
    ) : (
      <ul class="sheet">
        {props.deliveries.map((delivery) => (
          <OneDelivery {...props} delivery={delivery} />
        ))}
      </ul>
    )}
  </>
);

const Again = ({ delivery: { recipient, channel, state } }: { readonly delivery: DeliveryAnswer }) => (
  <p class="news" role="status">
    {isSettled(state)
      ? `News to ${recipient.name} ${CHANNEL_WORDS[channel]} was sent again. What became of it is below.`
      : `News to ${recipient.name} ${CHANNEL_WORDS[channel]} is on its way again.`}
  </p>
);

type OneProps = Pick<Props, "subjects" | "zone" | "doors"> & { readonly delivery: DeliveryAnswer };

const OneDelivery = ({ delivery, subjects, zone, doors }: OneProps) => {
  const { channel, recipient, notification, state, failure, picture, attempts, told } = delivery;
  const { next_at: nextAt, settled_at: settledAt } = delivery;
  return (
    <li>
      {recipient.name} {CHANNEL_WORDS[channel]} <span class="mark">{STATE_WORDS[state]}</span>
      {notification === null ? null : <ToldBy place={notification} subject={subjects[notification] ?? null} />}
      <Why failure={failure} isBad={state === "failed" || state === "unknown"} />
      {picture === null ? null : <p class="quiet">{PICTURE_WORDS[picture]}</p>}
      <p class="quiet">
        {attempts === 1 ? "1 attempt" : `${attempts} attempts`}
        {settledAt === null ? null : (
          <>
            {", "}
            <Moment at={settledAt} timezone={zone} />
          </>
        )}
        {state === "retrying" && nextAt !== null ? (
          <>
            {", the next one "}
            <Moment at={nextAt} timezone={zone} />
          </>
        ) : null}
        {told.map(({ channel: way, to }) => `. ${to.join(", ")} heard of this ${CHANNEL_WORDS[way]}`)}
      </p>
      {doors === undefined ? null : (
        <form method="post" action={`${doors}/${delivery.id}/redelivery`}>
          <button class="second" type="submit">
            Send again
          </button>
        </form>
      )}
    </li>
  );
};

/** Which notification of the schedule it is for: two of them may name the same person. */
const ToldBy = ({ place, subject }: { readonly place: number; readonly subject: string | null }) => (
  <p class="quiet">
    For notification {place + 1}
    {subject === null ? null : (
      <>
        , “<bdi>{subject}</bdi>”
      </>
    )}
  </p>
);

const Why = ({ failure, isBad }: { readonly failure: DeliveryAnswer["failure"]; readonly isBad: boolean }) =>
  failure === null ? null : (
    <>
      <Said text={failure.message} tone={isBad ? "wrong" : "quiet"} />
      <p class="quiet">{failure.fix}</p>
    </>
  );
