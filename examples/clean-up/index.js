/** Removes expired sessions from a store that is sometimes busy. */
import { Failure, fn, table } from "carillon";
import { store } from "./store.js";

/** What is expired now. Anybody may look, from the app too. */
export const expiredSessions = async () => {
  const answer = await fetch(store);
  if (!answer.ok) throw new Failure(`The store answered ${answer.status}.`);
  return table(await answer.json(), { title: "Expired sessions" });
};

/** Writes only on schedule: whoever opens the app or tries a draft removes nothing. */
export const removeExpired = fn(
  { schedule: "every 5 minutes", retry: { attempts: 5, delay: 2_000, backoff: "exponential" }, timeout: "30 seconds" },
  async (_args, run) => {
    if (!run.scheduled) return "Nothing was removed: this run is not scheduled.";
    const answer = await fetch(store, { method: "DELETE" });
    if (answer.status === 503) {
      const seconds = Number(answer.headers.get("retry-after") ?? 2);
      throw new Failure("The store is busy.", { retry: { after: seconds * 1_000 } });
    }
    if (!answer.ok) throw new Failure(`The store refused with ${answer.status}.`, { retry: false });
    const { removed } = await answer.json();
    console.log(`Removed ${removed} sessions at attempt ${run.attempt}.`);
    return { removed };
  },
);
