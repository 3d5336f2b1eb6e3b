/** The Worker of the bench: Carillon as it is, its floor, and routes that work both from inside workerd. */
import { Hono } from "hono";
import directoryTables from "../migrations/directory/0001_workspaces_tokens_projects.sql";
import peopleTables from "../migrations/directory/0002_people.sql";
import newsTables from "../migrations/directory/0003_news.sql";
import runlogTables from "../migrations/runlog/0001_runs.sql";
import captureTables from "../migrations/runlog/0002_captures.sql";
import deliveryTables from "../migrations/runlog/0003_deliveries.sql";
import { Project as RealProject } from "../src/actor/project.ts";
import { foundWorkspace } from "../src/directory/bootstrap.ts";
import type { RunRef } from "../src/domain/claim.ts";
import type { PlanName } from "../src/domain/plan.ts";
import type { Env } from "../src/env.ts";
import carillon, {
  BrowserKeeper,
  Gateway,
  DeliveryLot as RealDeliveryLot,
  RunHand,
  RunLot,
  RunSlots,
} from "../src/index.ts";
import { sweepDeliveries } from "../src/queues/sweeping-deliveries.ts";
import { newId, now, randomBytes } from "../src/system.ts";
import { countBindings, countRing, countStorage, startCounting, stopCounting } from "./counting.ts";
import { consumeFloor, Floor, type FloorMessage } from "./floor.ts";
import { houseWithPost } from "./post.ts";
import { hurrySweep, makeReaders, tellDeliveries } from "./readers.ts";
import { endBrowsers, shoot } from "./shooting.ts";

export { BrowserKeeper, Floor, Gateway, RunHand, RunLot, RunSlots };

export interface BenchEnv extends Env {
  readonly FLOOR: DurableObjectNamespace<Floor>;
  readonly FLOOR_QUEUE: Queue<FloorMessage>;
  /** The bench's own endpoint, which also takes its mail. */
  readonly RECEIVER: string;
}

export class DeliveryLot extends RealDeliveryLot {
  constructor(context: ExecutionContext, env: BenchEnv) {
    countBindings(env);
    super(context, houseWithPost(env));
  }
}

export class Project extends RealProject {
  constructor(context: DurableObjectState, env: Env) {
    countStorage(context.storage);
    countBindings(env);
    super(context, env);
  }

  override async alarm(info?: AlarmInvocationInfo): Promise<void> {
    countRing();
    await super.alarm(info);
  }
}

const routes = new Hono<{ Bindings: BenchEnv }>().basePath("/bench");

/** Tables, and each time a workspace with its token. */
routes.post("/workspace", async (c) => {
  const { plan = "enterprise" } = await c.req.json<{ plan?: PlanName }>();
  await makeTables(c.env.DIRECTORY, directoryTables + peopleTables + newsTables);
  await makeTables(c.env.RUNLOG, runlogTables + captureTables + deliveryTables);
  const chance = { now: now(), newId, randomBytes };
  const { token, scope } = await foundWorkspace(
    c.env.DIRECTORY,
    { name: "Bench", plan, email: "bench@carillon.test" },
    chance,
  );
  return c.json({ token, workspace: scope.workspaceId });
});

routes.post("/counting", (c) => {
  startCounting();
  return c.json({});
});
routes.delete("/counting", (c) => c.json(stopCounting()));

routes.post("/readers", async (c) => c.json({ group: await makeReaders(c.env.DIRECTORY, await c.req.json()) }));

routes.post("/deliveries", async (c) => c.json(await tellDeliveries(c.env.RUNLOG, await c.req.json())));

routes.post("/sweep", async (c) => {
  await hurrySweep(c.env.RUNLOG);
  await sweepDeliveries(c.env);
  return c.json({});
});

/** The floor's own door: parse, call, answer. */
routes.post("/floor/:name", async (c) => {
  const { at, url, count, step } = await c.req.json<{ at: number; url: string; count: number; step?: number }>();
  const floor = c.env.FLOOR.getByName(c.req.param("name"));
  const ids = count === 1 ? [await floor.create(at, url)] : await floor.createMany(at, url, count, step);
  return c.json({ id: ids[0] }, 201);
});

routes.post("/captures", async (c) => {
  if (c.env.BROWSER === undefined) throw new Error("The bench has no browser");
  return c.json(await shoot(c.env.BROWSER, await c.req.json<{ times: number; isReused: boolean }>()));
});

routes.delete("/captures", async (c) => {
  if (c.env.BROWSER !== undefined) await endBrowsers(c.env.BROWSER);
  return c.json({});
});

/** A page that asks nobody for anything. */
routes.get("/page", (c) => c.html("<!doctype html><title>Bench</title><h1>Bench</h1>"));

interface Repeat {
  readonly method?: "GET" | "POST";
  readonly path: string;
  readonly token: string;
  readonly body?: unknown;
  readonly times: number;
  readonly lanes: number;
}

/** Sends one request many times through the whole door, in workerd and without the proxy of the local server. */
routes.post("/repeat", async (c) => {
  const { method = "POST", path, token, body, times, lanes } = await c.req.json<Repeat>();
  const text = body === undefined ? undefined : JSON.stringify(body);
  const door = path.startsWith("/bench/") ? routes.fetch : carillon.fetch;
  const headers = {
    authorization: `Bearer ${token}`,
    ...(text === undefined ? {} : { "content-type": "application/json", "content-length": String(text.length) }),
  };
  const took: number[] = [];
  let left = times;
  const began = performance.now();
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const asked = performance.now();
      const request = new Request(`http://bench${path}`, {
        method,
        headers,
        ...(text === undefined ? {} : { body: text }),
      });
      const response = await door(request as never, c.env, c.executionCtx as never);
      if (!response.ok) throw new Error(await response.text());
      await response.text();
      took.push(performance.now() - asked);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const milliseconds = performance.now() - began;
  took.sort((one, other) => one - other);
  return c.json({ milliseconds, p99: took[Math.floor(took.length * 0.99)] ?? 0 });
});

export default {
  fetch: (request, env, context) =>
    new URL(request.url).pathname.startsWith("/bench/")
      ? routes.fetch(request, env, context)
      : carillon.fetch(request as never, env, context),
  async queue(batch, env, context) {
    countBindings(env);
    if (batch.queue === "bench-floor") await consumeFloor(batch as MessageBatch<FloorMessage>, context);
    else await carillon.queue(batch as MessageBatch<never>, houseWithPost(env), context);
  },
} satisfies ExportedHandler<BenchEnv, RunRef | FloorMessage>;

/** Statement by statement: `exec` takes one line each. */
async function makeTables(db: D1Database, sql: string): Promise<void> {
  const known = await db
    .prepare("SELECT count(*) AS tables FROM sqlite_master WHERE name IN ('runs', 'tokens')")
    .first<{ tables: number }>();
  if (known?.tables) return;
  const statements = sql
    .replaceAll(/^--.*$/gm, "")
    // A trigger's statement ends before its END.
    .split(/;\s*$(?!\s*END)/m)
    .filter((statement) => statement.trim() !== "");
  await db.batch(statements.map((statement) => db.prepare(statement)));
}
