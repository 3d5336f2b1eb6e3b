/** What stands between an isolate and the Internet: the only way that leads out of it. */
import { WorkerEntrypoint } from "cloudflare:workers";
import type { AddressRules } from "../http/address.ts";
import { passThrough } from "../http/pass-through.ts";

/** It has no `connect`, so raw sockets are refused by the platform. */
export class Gateway extends WorkerEntrypoint<unknown, AddressRules> {
  override async fetch(request: Request): Promise<Response> {
    return passThrough(request, this.ctx.props);
  }
}
