/** Somebody who acts, for the audit: the system itself, unless the test is about who it was. */
import type { Scribe } from "../../src/directory/audit.ts";
import type { Doer } from "../../src/domain/audit.ts";
import { newId, now } from "../../src/system.ts";

export const scribeAt = (at = now(), doer: Doer = { kind: "system" }): Scribe => ({
  newId,
  doing: { doer, at, requestId: null, address: null },
});
