/** Where the endpoint of a page is. */
import { address } from "../client.ts";
import type { SignedIn } from "../signed-in.tsx";

const idOf = ({ c }: SignedIn): string => c.req.param("w") ?? "";

/** In the API. */
export const webhookAt = (visit: SignedIn): string => address`/v1/webhooks/${idOf(visit)}`;

/** In the console. */
export const webhookPath = (visit: SignedIn): string => address`/webhooks/${idOf(visit)}`;
