/** Before each test file: the databases get their tables. After each test: nothing unexpected has left the house. */
import { applyD1Migrations, type D1Migration } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, vi } from "vitest";

declare global {
  namespace Cloudflare {
    interface Env {
      readonly RECEIVER: string;
      /** The emulator of Slack, and our own stand-in for it (see `slack-server.ts`). */
      readonly SLACK_URL: string;
      readonly SLACK_FAKE: string;
      /** Of the page server; empty where no browser is under test. */
      readonly PAGES: string;
      readonly DIRECTORY_MIGRATIONS: D1Migration[];
      readonly RUNLOG_MIGRATIONS: D1Migration[];
      readonly DIRECTORY: D1Database;
      readonly RUNLOG: D1Database;
      readonly ARTIFACTS: R2Bucket;
      readonly PROJECT: DurableObjectNamespace;
      readonly RUNS: Queue;
      readonly CAPTURES: Queue;
      readonly DELIVERIES: Queue;
      readonly BROWSER: Fetcher;
      readonly CARILLON_KEY: string;
    }
  }
}

beforeAll(async () => {
  await applyD1Migrations(env.DIRECTORY, env.DIRECTORY_MIGRATIONS);
  await applyD1Migrations(env.RUNLOG, env.RUNLOG_MIGRATIONS);
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  const unexpected = await (await fetch(`${env.RECEIVER}/_unexpected`)).json();
  expect(unexpected, "outgoing requests that no test expected").toEqual([]);
});
