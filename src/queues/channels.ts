/** The registry of channels: how each one sends, and what its own room is to hear of it afterwards. */
import type { NewsForRecipient } from "../delivery/channel.ts";
import type { Project } from "../directory/projects.ts";
import type { Json } from "../domain/json.ts";
import type { Channel, SendOutcome } from "../domain/news/delivery.ts";
import type { Settlement } from "../domain/news/settlement.ts";
import type { Env } from "../env.ts";
import type { Step } from "../runlog/delivery-claims.ts";
import { emailWay } from "./email-way.ts";
import { slackWay } from "./slack-way.ts";
import { webhookWay } from "./webhook-way.ts";

/** A delivery, prepared for its channel. */
export interface Way {
  /** Takes one step. `progress` is what the step before it left; `remember` keeps more of it before what cannot be repeated. */
  send(step: Step, progress: Json | null, remember: (progress: Json) => Promise<void>): Promise<SendOutcome>;
  /** What the channel's own room is to hear of an outcome, and who else. Can be repeated; called before it is written down. */
  follow?(outcome: SendOutcome, settlement: Settlement): Promise<void>;
}

/** Opens what the channel needs. */
export type OpenWay = (env: Env, project: Project, given: NewsForRecipient) => Promise<Way>;

export const CHANNEL_WAYS: Readonly<Record<Channel, OpenWay>> = {
  email: emailWay,
  slack: slackWay,
  webhook: webhookWay,
};
