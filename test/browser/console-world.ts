/** A local start with something of everything, for walks through the console: and the address of each of its pages. */
import { type LocalCarillon, until } from "../start/local-carillon.ts";

const WITHIN_MS = 40_000;
const HISTORY_MS = 28 * 86_400_000;
const HISTORY_RUNS = 80;

/** The ids of what the pages are about. */
export interface World {
  readonly schedule: string;
  /** Of a chain that failed at first. */
  readonly run: string;
  readonly group: string;
  readonly webhook: string;
  readonly member: string;
  readonly token: string;
}

/** Everything that the pages show, made through the API. */
export async function furnish(carillon: LocalCarillon): Promise<World> {
  const me = await carillon.get("/v1/members?limit=1");
  const ada = me.items[0].id;
  const demo = "/v1/projects/demo";
  const group = await carillon.post("/v1/groups", { name: "Readers" });
  const webhook = await carillon.post("/v1/webhooks", {
    name: "Pager",
    url: "https://example.com/hook",
    events: ["run.failed"],
  });
  const { items } = await carillon.get(`${demo}/schedules?limit=10`);
  const schedule = items.find((one: { key: string }) => one.key === "demo-flaky").id;
  const notifications = [{ on: "failure", users: [ada] }];
  await carillon.post(`${demo}/schedules`, { schedule: "every day at 7am", fn: "report", notifications });
  await carillon.post(`${demo}/schedules/${schedule}/runs`, {});
  const token = await carillon.post("/v1/tokens", { name: "CI" });
  const made = { group: group.id, webhook: webhook.id, member: ada, token: token.id };
  return { schedule, run: await failedRun(carillon), ...made };
}

/** Weeks in which something ran: the demo alone began a moment ago. */
export async function giveHistory(carillon: LocalCarillon): Promise<void> {
  const demo = "/v1/projects/demo";
  const body = { schedule: "every 8 hours", fn: "report", key: "history" };
  const { id } = await carillon.post(`${demo}/schedules`, body);
  const [from, to] = [Date.now() - HISTORY_MS, Date.now()].map((at) => new Date(at).toISOString());
  await carillon.post(`${demo}/schedules/${id}/backfills`, { from, to });
  const isThrough = async () =>
    (await carillon.get(`${demo}/schedules/${id}/runs?status=succeeded&limit=200`)).items.length > HISTORY_RUNS;
  await until(isThrough, WITHIN_MS);
}

/** The first run of a chain that has a retry. */
async function failedRun(carillon: LocalCarillon): Promise<string> {
  let origin: string | undefined;
  await until(async () => {
    const { items } = await carillon.get("/v1/projects/demo/runs?fn=flaky&limit=20");
    origin = items.find((one: { origin_run_id: string | null }) => one.origin_run_id !== null)?.origin_run_id;
    return origin !== undefined;
  }, WITHIN_MS);
  return origin ?? "";
}

/** Every page, by what it shows. */
export function pagesOf({ schedule, run, group, webhook, member, token }: World): readonly string[] {
  const ofSchedule = ["", "/edit", "/cancellation", "/notifications", "/notifications/new"];
  const inProject = [
    ...["", "/schedules", "/schedules/new", ...ofSchedule.map((path) => `/schedules/${schedule}${path}`)],
    ...["/runs", "/runs/new", `/runs/${run}`, "/app", "/versions", "/versions/new", "/versions/1"],
    ...["/notifications", "/access", "/settings", "/settings/secret", "/settings/deletion"],
  ];
  return [
    ...["/", "/projects/new", "/projects/all", "/members", "/members/new", `/members/${member}`],
    ...[`/members/${member}/deactivation`, "/groups", `/groups/${group}`, `/groups/${group}/deletion`],
    ...["/tokens", "/tokens/new", `/tokens/${token}/revocation`, "/slack", "/slack/disconnection"],
    ...[
      "/webhooks",
      "/webhooks/new",
      ...["", "/deliveries", "/secret", "/deletion"].map((at) => `/webhooks/${webhook}${at}`),
    ],
    ...["/plan", "/audit", "/workspace", "/workspace/deletion", "/preferences", "/signed-out", "/outbox"],
    ...inProject.map((path) => `/projects/demo${path}`),
  ];
}
