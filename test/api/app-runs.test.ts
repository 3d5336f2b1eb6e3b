/** A visitor's own run: theirs alone, followed while it goes on, and gone without a trace in what others see. */
import { describe, expect, it } from "vitest";
import { type CodeProject, makeCodeProject } from "../support/code-project.ts";
import { eventually } from "../support/world.ts";
import { expectProblem, give, makeMember, type Person } from "./caller.ts";

const HTML = { accept: "text/html" };
const JSON_ONLY = { accept: "application/json" };

/** The first run, which publishing starts, is another one than every later one. */
const COUNTED = {
  "index.js": `export const context = (_args, run) => "In the context " + run.context + " as " + run.id;
    export const slow = () => new Promise((done) => setTimeout(done, 1_500, "The slow one is done"));`,
};

interface Visited extends CodeProject {
  readonly visitor: Person;
}

/** A project that is shared with a visitor, who may do nothing but see the app. */
async function visited(modules: Record<string, string> = COUNTED): Promise<Visited> {
  const project = await makeCodeProject(modules, true);
  const visitor = await makeMember(project.owner.scope, "viewer");
  await give(project.owner, project.at, { user: visitor.id }, "app_only");
  return { ...project, visitor };
}

const start = async ({ visitor, at }: Visited) => {
  const answer = await visitor.call("POST", `${at}/app/runs`, { body: {}, headers: JSON_ONLY });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
};

const ended = ({ visitor }: Visited, page: string) =>
  eventually(
    async () => (await visitor.call("GET", page, { headers: HTML })).body,
    (body) => body.includes("The slow one is done"),
  );

describe.concurrent("a visitor's own run", () => {
  it("is seen by them, and changes nothing that everybody sees", async () => {
    const project = await visited();
    const before = await eventually(
      async () => (await project.visitor.call("GET", `${project.at}/app`, { headers: JSON_ONLY })).body,
      ({ state }) => state === "cached",
    );
    const { run_id: run, page } = await start(project);
    const body = await ended(project, page);
    expect(body).toContain(`In the context app as ${run}`);
    expect(body).toContain('data-carillon-state="own"');
    expect(body).not.toContain("http-equiv");
    const after = await project.visitor.call("GET", `${project.at}/app`, { headers: JSON_ONLY });
    expect(after.body).toEqual(before);
  });

  it("is another one for every visitor, also when they choose the same idempotency key", async () => {
    const project = await visited();
    const colleague = await makeMember(project.owner.scope, "viewer");
    await give(project.owner, project.at, { user: colleague.id }, "app_only");
    const begin = (who: Person) =>
      who.call("POST", `${project.at}/app/runs`, { body: {}, headers: { ...JSON_ONLY, "idempotency-key": "1" } });
    const [mine, theirs, again] = [await begin(project.visitor), await begin(colleague), await begin(project.visitor)];
    expect(theirs?.body.run_id).not.toBe(mine?.body.run_id);
    expect(again?.body.run_id).toBe(mine?.body.run_id);
  });

  it("is there for nobody else, not even with the token, and not with a token of another run", async () => {
    const project = await visited();
    const [one, other] = [await start(project), await start(project)];
    const colleague = await makeMember(project.owner.scope, "viewer");
    await give(project.owner, project.at, { user: colleague.id }, "app_only");
    for (const address of [one.page, one.events]) {
      expectProblem(await colleague.call("GET", address), 404, "not_found");
      expectProblem(await project.owner.call("GET", address), 404, "not_found");
      const mixed = address.replace(/view=.*/, `view=${other.view_token}`);
      expectProblem(await project.visitor.call("GET", mixed), 404, "not_found");
      expectProblem(await project.visitor.call("GET", address.replace(/\?.*/, "")), 400, "invalid_request");
    }
    expect((await project.visitor.call("GET", one.page, { headers: HTML })).status).toBe(200);
  });

  it("is told to programs that ask for JSON, and is for nobody to keep", async () => {
    const project = await visited();
    const { run_id: run, page } = await start(project);
    const body = await eventually(
      async () => (await project.visitor.call("GET", page, { headers: JSON_ONLY })).body,
      ({ status }) => status === "succeeded",
    );
    expect(body).toMatchObject({
      state: "own",
      run_id: run,
      error: null,
      items: [{ fn: "context" }, { fn: "slow", blocks: [{ kind: "value", text: "The slow one is done" }] }],
    });
    const { headers } = await project.visitor.call("GET", page, { headers: JSON_ONLY });
    expect([headers.get("content-type"), headers.get("cache-control")]).toEqual(["application/json", "no-store"]);
  });

  it("works without a script: a form leads to a page that comes again until the run is over", async () => {
    const project = await visited();
    const sent = await project.visitor.call("POST", `${project.at}/app/runs`, {
      body: "",
      headers: { ...HTML, "content-type": "application/x-www-form-urlencoded" },
    });
    expect(sent.status).toBe(303);
    const page = sent.headers.get("location") ?? "";
    const first = await project.visitor.call("GET", page, { headers: HTML });
    expect(first.headers.get("cache-control")).toBe("no-store");
    expect(first.body).toContain('<noscript><meta http-equiv="refresh"');
    expect(first.body).toContain(`data-events="${page.replace("?", "/events?")}"`);
    expect(await ended(project, page)).not.toContain("http-equiv");
  });

  it("tells why it cannot be started", async () => {
    const project = await makeCodeProject();
    const refused = await project.owner.call("POST", `${project.at}/app/runs`, { body: {}, headers: JSON_ONLY });
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect(refused.headers.get("content-type")).toBe("application/problem+json");
    const told = await project.owner.call("POST", `${project.at}/app/runs`, { body: {}, headers: HTML });
    expect([told.status, told.headers.get("content-type")]).toEqual([refused.status, "text/html; charset=utf-8"]);
  });
});

describe.concurrent("the events of a visitor's own run", () => {
  /** The whole stream, taken apart. */
  const eventsOf = (text: string) =>
    text
      .split("\n\n")
      .filter((event) => event.startsWith("event: "))
      .map((event) => {
        const [, name = "", data = ""] = /^event: (\w+)\ndata: (.*)$/.exec(event) ?? [];
        return { name, ...JSON.parse(data) };
      });

  it("tell what has come, function by function, and end with the run", async () => {
    const project = await visited();
    const { run_id: run, events } = await start(project);
    const answer = await project.visitor.call("GET", events, { headers: { accept: "text/event-stream" } });
    expect(answer.headers.get("content-type")).toBe("text/event-stream");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const told = eventsOf(answer.body);
    expect(told.at(-1)).toEqual({ name: "end", status: "succeeded" });
    const states = told.filter(({ name }) => name === "state");
    const partly = states.find(({ html }) => html?.includes("In the context app") && !html.includes("The slow one"));
    expect(partly).toMatchObject({ run_id: run, status: "running", said: "Running… 1 function is done." });
    expect(states.at(-1)).toMatchObject({ status: "succeeded", said: "The run has succeeded." });
    expect(states.at(-1)?.html).toContain("The slow one is done");
    expect(states.at(-1)?.html).not.toContain("<script");
  });

  it("are told at once of a run that is over", async () => {
    const project = await visited();
    const { page, events } = await start(project);
    await ended(project, page);
    const told = eventsOf((await project.visitor.call("GET", events)).body);
    expect(told.map(({ name }) => name)).toEqual(["state", "end"]);
  });
});
