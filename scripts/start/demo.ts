/** The demo project: functions at the receiver, and three schedules. What is there already is left alone. */
import type { ApiClient } from "./api-client.ts";

const SLUG = "demo";
const PROJECT = `/v1/projects/${SLUG}`;

const FUNCTIONS = [
  { name: "heartbeat", path: "/report" },
  { name: "report", path: "/report" },
  { name: "flaky", path: "/flaky" },
  { name: "slow", path: "/slow" },
];

/** A retry covers the moment in which the receiver stops or starts. */
const SCHEDULES = [
  { key: "demo-heartbeat", schedule: "every 15 seconds", fn: "heartbeat", retry: 3 },
  { key: "demo-report", schedule: "*/5 * * * *", fn: "report", retry: 3 },
  { key: "demo-flaky", schedule: "every minute", fn: "flaky", retry: { attempts: 3, delay: 2_000 } },
];

interface Item {
  readonly key: string | null;
  readonly state: string;
}

export async function makeDemo(api: ApiClient, receiverUrl: string): Promise<void> {
  const { status } = await api.ask("GET", PROJECT);
  if (status === 404)
    await api.expect("POST", "/v1/projects", { name: "Demo", slug: SLUG, workspace_access: "full_access" });
  const functions = FUNCTIONS.map(({ name, path }) => ({ name, kind: "http", url: receiverUrl + path }));
  if (!(await isPublished(api, functions))) {
    const { version } = await api.expect("POST", `${PROJECT}/versions`, { functions });
    await api.expect("PUT", `${PROJECT}/published`, { version });
  }
  const { items } = await api.expect("GET", `${PROJECT}/schedules?origin=dynamic&limit=200`);
  const living = items.filter(({ state }: Item) => state !== "cancelled" && state !== "completed");
  for (const schedule of SCHEDULES) {
    const isThere = living.some(({ key }: Item) => key === schedule.key);
    if (!isThere) await api.expect("POST", `${PROJECT}/schedules`, schedule);
  }
}

async function isPublished(api: ApiClient, functions: readonly { name: string; url: string }[]): Promise<boolean> {
  const { status, body } = await api.ask("GET", `${PROJECT}/published`);
  if (status !== 200) return false;
  const urls = new Map<string, string>(body.functions.map((fn: { name: string; url: string }) => [fn.name, fn.url]));
  return functions.every(({ name, url }) => urls.get(name) === url);
}
