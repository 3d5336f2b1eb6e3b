import { resolve } from "node:path";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import { findChromium, lendToRuntime } from "./scripts/chromium.ts";

// The runtime trusts the mail servers of the tests. Miniflare reads what it hands to the runtime when it is loaded, so that it
// and what loads it come afterwards.
process.env.NODE_EXTRA_CA_CERTS = resolve("test/support/tls/ca.pem");
const { cloudflareTest, readD1Migrations } = await import("@cloudflare/vitest-plugin");
const { Response } = await import("miniflare");

/** Headers of one connection, which the next one makes anew. */
const HOP_BY_HOP = new Set(["connection", "content-length", "host", "transfer-encoding"]);

/** 32 bytes that protect nothing. */
const TEST_KEY = Buffer.alloc(32, 7).toString("base64");

/** The deployment's Slack app, which the emulator knows. */
const SLACK_APP = {
  SLACK_CLIENT_ID: "carillon-test",
  SLACK_CLIENT_SECRET: "slack-client-secret",
  SLACK_SIGNING_SECRET: "slack-signing-secret",
};

// The plugin looks for required secrets in the environment.
process.env.CARILLON_KEY = TEST_KEY;

// Before any runtime starts: it looks for its browser where the environment says.
const CHROMIUM = findChromium();
Object.assign(process.env, lendToRuntime(CHROMIUM, ".wrangler/cache"));

/** In the runtime, with everything that wrangler.toml binds. */
const WORKERD = {
  plugins: [
    cloudflareTest(async ({ inject }) => ({
      wrangler: { configPath: "./wrangler.toml" },
      miniflare: {
        bindings: {
          CARILLON_KEY: TEST_KEY,
          ALLOW_LOOPBACK: "true",
          CONSUMER_WAITS: "false",
          RECEIVER: inject("receiver"),
          SLACK_URL: inject("slack"),
          SLACK_FAKE: inject("slackFake"),
          ...SLACK_APP,
          PAGES: inject("pages") ?? "",
          DIRECTORY_MIGRATIONS: await readD1Migrations("./migrations/directory"),
          RUNLOG_MIGRATIONS: await readD1Migrations("./migrations/runlog"),
        },
        outboundService: throughTheReceiver(inject("receiver"), [
          inject("pages"),
          inject("slack"),
          inject("slackFake"),
        ]),
      },
    })),
  ],
  test: {
    globalSetup: [
      "./test/support/receiver-server.ts",
      "./test/support/mail-server.ts",
      "./test/support/slack-server.ts",
    ],
    setupFiles: ["./test/support/set-up.ts"],
  },
};

/** What is in front of a real browser; the rest of test/capture needs no runtime. */
const CAPTURING = "test/capture/{camera,flow,guard,picture,sessions}.test.ts";

/**
 * Files that share a runtime with its databases, since each of their tests makes a workspace of its own: starting one for each
 * takes longer than they do. Those that look at everything there is, or push the alarms, have one for themselves.
 */
const SHARING = "test/{api,app,artifacts,console,delivery,executor,http,isolate}/**/*.test.ts";

/** After the others: a browser beside them would make late what they expect on time. */
const WITH_BROWSER: readonly TestProjectInlineConfiguration[] = [
  {
    test: {
      name: "browser",
      environment: "node",
      include: ["test/browser/**/*.test.ts"],
      sequence: { groupOrder: 1 },
      testTimeout: 120_000,
      hookTimeout: 120_000,
    },
  },
  {
    ...WORKERD,
    test: {
      ...WORKERD.test,
      name: "capture",
      globalSetup: [...WORKERD.test.globalSetup, "./test/support/page-server.ts"],
      include: [CAPTURING],
      sequence: { groupOrder: 1 },
      // Some wait for what their pages do, and some draw: more at once would take longer.
      maxConcurrency: 2,
      testTimeout: 60_000,
      hookTimeout: 60_000,
    },
  },
];

export default defineConfig({
  test: {
    // By default two cores get one worker, which waits for as long as it works: each file starts a workerd of its own.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: "domain",
          environment: "node",
          include: [
            "test/domain/**/*.test.ts",
            "test/capture/**/*.test.ts",
            "test/architecture.test.ts",
            "test/docs.test.ts",
          ],
          exclude: [CAPTURING],
        },
      },
      {
        ...WORKERD,
        test: {
          ...WORKERD.test,
          name: "workerd",
          include: ["test/**/*.test.ts"],
          exclude: [
            "test/domain/**",
            "test/architecture.test.ts",
            "test/docs.test.ts",
            "test/start/**",
            "test/browser/**",
            "test/capture/**",
            SHARING,
          ],
          testTimeout: 20_000,
        },
      },
      {
        ...WORKERD,
        test: { ...WORKERD.test, name: "shared", include: [SHARING], isolate: false, testTimeout: 20_000 },
      },
      {
        test: {
          name: "start",
          environment: "node",
          include: ["test/start/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
      // `npm test` says so where there is none.
      ...(CHROMIUM === null ? [] : WITH_BROWSER),
    ],
  },
});

/** Whatever leaves workerd, wherever it is bound for, arrives at the receiver, which notes what was not meant for it or for one of the others: a page's own server, and those that stand in for Slack. */
function throughTheReceiver(receiver: string, others: readonly (string | undefined)[]) {
  return async (request: Request): Promise<InstanceType<typeof Response>> => {
    const { origin } = new URL(request.url);
    const isMeant = origin === receiver || others.includes(origin);
    const target = isMeant ? request.url : `${receiver}/_unexpected?url=${encodeURIComponent(request.url)}`;
    const answer = await fetch(target, {
      method: request.method,
      headers: [...request.headers].filter(([name]) => !HOP_BY_HOP.has(name)),
      ...(request.method === "GET" ? {} : { body: await request.arrayBuffer() }),
      redirect: "manual",
    });
    return new Response(answer.status === 204 ? null : answer.body, {
      status: answer.status,
      headers: [...answer.headers],
    });
  };
}
