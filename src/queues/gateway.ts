/** What stands between an isolate and the Internet: the only way that leads out of it. */
import { WorkerEntrypoint } from "cloudflare:workers";
import type { Instant } from "../domain/time/instant.ts";
import type { AddressRules } from "../http/address.ts";
import { passThrough } from "../http/pass-through.ts";
import { now } from "../system.ts";

export interface GatewayProps extends AddressRules {
  /** When the time of the only run of the isolate is up; null: runs share it. */
  readonly until: Instant | null;
}

/** It has no `connect`, so raw sockets are refused by the platform. */
export class Gateway extends WorkerEntrypoint<unknown, GatewayProps> {
  override async fetch(request: Request): Promise<Response> {
    const { until, ...rules } = this.ctx.props;
    // Code that did not end in time may go on for as long as another run of its lot does.
    if (until !== null && now() > until) throw new TypeError("fetch refused: the time of the run is up.");
    return passThrough(request, rules);
  }
}
