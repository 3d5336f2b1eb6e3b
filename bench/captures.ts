/**
 * The camera by itself, on a page that does not leave the machine: with one browser used again, and with one for each. Then
 * the whole way of a notification's capture, from the end of its run until it is stored.
 */
import type { Figure } from "./next.ts";
import { type Ground, makeProject, median, onceAt, saveBatches, settle } from "./workloads.ts";

const CAPTURES = 12;

/** Runs whose notification wants a picture, and how far apart they are: farther than one capture takes. */
const NOTIFIED = 20;
const APART_MS = 2_500;
const STORED_TIMEOUT_MS = 60_000;

/** What `POST /bench/captures` answers: the time of each, and the bytes of the last one. */
interface Taken {
  readonly milliseconds: readonly number[];
  readonly bytes: { readonly png: number; readonly preview: number; readonly pdf: number };
}

export async function measureCaptures(ground: Ground): Promise<Figure[]> {
  const figures = [...(await measureCamera(ground)), ...(await measureWay(ground))];
  await ground.server.ask("DELETE", "/bench/captures");
  return figures;
}

async function measureCamera({ server }: Ground): Promise<Figure[]> {
  // The first launch reads the browser from disk.
  await server.post<Taken>("/bench/captures", { times: 1, isReused: false });
  const reused = await server.post<Taken>("/bench/captures", { times: CAPTURES, isReused: true });
  const launched = await server.post<Taken>("/bench/captures", { times: CAPTURES, isReused: false });
  const [ours, theirs] = [perMinute(reused), perMinute(launched)];
  const { png, preview, pdf } = reused.bytes;
  return [
    {
      ...{ name: "captures per minute, PNG and PDF of one load, one session used again", value: ours },
      ...{ unit: "per minute", against: `one launch for each ${theirs}`, ratio: ours / theirs },
    },
    { name: "one capture, PNG and PDF, p50", value: Math.round(median(reused.milliseconds)), unit: "ms" },
    { name: "bytes of a capture as PNG, 1,280 wide and three screens high", value: png, unit: "bytes" },
    { name: "bytes of its preview", value: preview, unit: "bytes", against: "the PNG", ratio: preview / png },
    { name: "bytes of it as PDF", value: pdf, unit: "bytes", against: "the PNG", ratio: pdf / png },
  ];
}

const perMinute = ({ milliseconds }: Taken): number =>
  Math.round((60_000 * milliseconds.length) / milliseconds.reduce((sum, one) => sum + one, 0));

interface RunBody {
  readonly id: string;
  readonly finished_at: string | null;
}

interface CaptureBody {
  readonly state: "pending" | "captured" | "failed";
  readonly settled_at: string | null;
}

async function measureWay(ground: Ground): Promise<Figure[]> {
  const { server, token } = ground;
  const project = await makeProject(ground, "captured");
  const from = Date.now() + 3_000;
  const items = Array.from({ length: NOTIFIED }, (_, at) => ({
    ...onceAt(from + at * APART_MS),
    notifications: [{ on: "success", capture: "png" }],
  }));
  await saveBatches(ground, project, items);
  await settle(3_000 + NOTIFIED * APART_MS);
  const { items: runs } = await server.ask<{ items: RunBody[] }>("GET", `${project.path}/runs`, undefined, token);
  if (runs.length !== NOTIFIED) throw new Error(`${runs.length} of ${NOTIFIED} runs came`);
  const times: number[] = [];
  for (const run of runs) times.push((await storedAt(ground, `${project.path}/runs/${run.id}`)) - finishedAt(run));
  await server.ask("DELETE", project.path, undefined, token);
  return [
    { name: "from a run's end until its PNG is stored, p50", value: median(times), unit: "ms" },
    {
      ...{ name: `from a run's end until its PNG is stored, the slowest of ${NOTIFIED}`, value: Math.max(...times) },
      ...{ unit: "ms", against: "budget 60000" },
    },
  ];
}

const finishedAt = ({ finished_at }: RunBody): number => Date.parse(finished_at ?? "");

async function storedAt({ server, token }: Ground, run: string): Promise<number> {
  for (const began = Date.now(); Date.now() - began < STORED_TIMEOUT_MS; await settle(250)) {
    const { items } = await server.ask<{ items: CaptureBody[] }>("GET", `${run}/captures`, undefined, token);
    const [capture] = items;
    if (capture?.state === "failed") throw new Error(`A capture failed: ${JSON.stringify(capture)}`);
    if (capture?.state === "captured") return Date.parse(capture.settled_at ?? "");
  }
  throw new Error("A capture was not stored within a minute");
}
