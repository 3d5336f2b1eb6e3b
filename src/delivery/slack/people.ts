/** People of a team. */
import { ok, type Result } from "../../domain/result.ts";
import { asObject, asText } from "./api.ts";
import { judgeSlack, type SlackFault } from "./faults.ts";
import { callVia, type SlackVia } from "./via.ts";

/** The id of whoever has this address in the team; null when nobody has, or they are gone. */
export async function findPerson(via: SlackVia, email: string): Promise<Result<string | null, SlackFault>> {
  if (via.kind === "outbox") return ok(localPerson(email));
  const found = await callVia(via, "users.lookupByEmail", { email });
  if (!found.ok) {
    const fault = judgeSlack(found.error, "read");
    return fault.failure.reason === "slack_person_gone" ? ok(null) : { ok: false, error: fault };
  }
  const user = asObject(found.value.user);
  const id = asText(user?.id);
  return ok(id === "" || user?.deleted === true || user?.is_bot === true ? null : id);
}

/** In the stand-in everybody is somebody. */
export const localPerson = (email: string): string =>
  `U0LOCAL${email.toUpperCase().replaceAll(/[^A-Z0-9]/g, "")}`.slice(0, 20);
