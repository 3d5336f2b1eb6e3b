/** Who was told of a run, and what became of it: each delivery with its state, the reason and what mends it. */
import type { Channel, Delivery, DeliveryState, PictureState } from "../domain/news/delivery.ts";
import { deliveryFix } from "../domain/news/delivery-failure.ts";
import { Moment } from "./moment.tsx";

interface Props {
  readonly deliveries: readonly Delivery[];
  readonly zone: string;
  /** Where each can be sent again, for whoever may; absent: it is nobody's to do here. */
  readonly again?: string;
}

const CHANNEL_WORDS: Readonly<Record<Channel, string>> = {
  email: "by email",
  slack: "in Slack",
  webhook: "by webhook",
};

const STATE_WORDS: Readonly<Record<DeliveryState, string>> = {
  pending: "on its way",
  retrying: "not yet; tried again",
  sent: "sent",
  failed: "did not arrive",
  unknown: "may have arrived",
  suppressed: "not sent",
};

const PICTURE_WORDS: Readonly<Record<PictureState, string>> = {
  due: "The picture follows.",
  sent: "The picture is there.",
  unconfirmed: "The picture was published; nobody saw it appear.",
  dropped: "It went without the picture.",
};

export const DeliveryList = ({ deliveries, zone, again }: Props) => (
  <>
    <h2 id="news">Who was told</h2>
    {deliveries.length === 0 ? (
      <p class="quiet">{again === undefined ? "You were told nothing of it." : "Nobody was told of it."}</p>
    ) : (
      <ul class="sheet">
        {deliveries.map((delivery) => (
          <OneDelivery delivery={delivery} zone={zone} {...(again === undefined ? {} : { again })} />
        ))}
      </ul>
    )}
  </>
);

const OneDelivery = ({ delivery, zone, again }: Omit<Props, "deliveries"> & { readonly delivery: Delivery }) => {
  const { channel, recipient, state, failure, picture, attempts, nextAt, settledAt, told } = delivery;
  return (
    <li>
      {recipient.name} {CHANNEL_WORDS[channel]} <span class="mark">{STATE_WORDS[state]}</span>
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
      {again === undefined ? null : (
        <form method="post" action={`${again}/${delivery.id}/redelivery`}>
          <button class="second" type="submit">
            Send again
          </button>
        </form>
      )}
    </li>
  );
};

const Why = ({ failure, isBad }: { readonly failure: Delivery["failure"]; readonly isBad: boolean }) =>
  failure === null ? null : (
    <p class={isBad ? "wrong" : "quiet"}>
      {failure.message} {deliveryFix(failure.reason)}
    </p>
  );
