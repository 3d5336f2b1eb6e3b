/** Where addresses that people give may lead, at this deployment. */
import type { AddressRules } from "../http/address.ts";
import type { Ask } from "./input.ts";

/** The rules for an address in a request: everywhere public, but not back to this scheduler. */
export const addressRules = ({
  config,
  request,
}: Pick<Ask<unknown, unknown, unknown>, "config" | "request">): AddressRules => ({
  allowLoopback: config.allowLoopback,
  // A loopback address is local development, where this scheduler and what it calls share a host.
  ownHosts: [...new Set([config.publicUrl ?? request.url, request.url].map((url) => new URL(url).hostname))].filter(
    (host) => !config.allowLoopback || host.includes("."),
  ),
});
