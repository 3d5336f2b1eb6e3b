/** `/v1/projects/{p}/versions` and `/published`: what a project runs. */
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import worker from "../../src/index.ts";
import { expectProblem, functionAt, makeOwner, makeProjectOwner, schedule } from "./caller.ts";

describe("uploading a version", () => {
  it("makes a numbered draft", async () => {
    const owner = await makeProjectOwner();
    const { status, body } = await owner.call("POST", `${owner.at}/versions`, {
      body: { functions: [functionAt("work"), functionAt("report", "ok", { schedule: "every day at 9am", retry: 3 })] },
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({ version: 2, state: "draft" });
    expect(body.functions[1]).toMatchObject({ name: "report", kind: "http", schedule: "every day at 9am", retry: 3 });
    expect((await owner.call("GET", `${owner.at}/versions/2`)).body).toEqual(body);
  });

  it("never shows the value of a header again, and does not keep it readable", async () => {
    const owner = await makeProjectOwner();
    const made = await owner.call("POST", `${owner.at}/versions`, {
      body: { functions: [functionAt("work", "ok", { headers: { Authorization: "Bearer s3cret-of-mine" } })] },
    });
    expect(made.body.functions[0].headers).toEqual(["Authorization"]);
    for (const path of [`${owner.at}/versions`, `${owner.at}/versions/2`, `${owner.at}/published`]) {
      expect(JSON.stringify((await owner.call("GET", path)).body)).not.toContain("s3cret-of-mine");
    }
  });

  it("is the same version again under the same idempotency key", async () => {
    const owner = await makeProjectOwner();
    const call = {
      body: { functions: [functionAt("work", "ok", { headers: { "x-a": "1" } })] },
      headers: { "idempotency-key": "v" },
    };
    const first = await owner.call("POST", `${owner.at}/versions`, call);
    const again = await owner.call("POST", `${owner.at}/versions`, call);
    expect(again.body).toEqual(first.body);
    expect((await owner.call("GET", `${owner.at}/versions`)).body.items).toHaveLength(2);
  });

  const upload = async (functions: unknown, more: object = {}) => {
    const owner = await makeProjectOwner();
    const answer = await owner.call("POST", `${owner.at}/versions`, { body: { functions, ...more } });
    expect((await owner.call("GET", `${owner.at}/versions`)).body.items).toHaveLength(1);
    return answer;
  };

  it("refuses two functions of one name", async () => {
    const answer = await upload([functionAt("a"), functionAt("a")]);
    expectProblem(answer, 422, "invalid_input");
    expect(answer.body.errors[0].path).toBe("/functions/1/name");
  });

  it.each([
    ["http://example.com/hook"],
    ["https://[fd00::1]/"],
    ["ftp://example.com/"],
    ["https://10.0.0.1/"],
    ["https://printer.local/"],
    ["https://user:pw@example.com/"],
    ["not a url"],
  ])("refuses to call %s", async (url) => {
    const answer = await upload([{ name: "a", kind: "http", url }]);
    expectProblem(answer, 422, "invalid_input");
    expect(answer.body.errors[0].path).toBe("/functions/0/url");
  });

  it("refuses an http function without a url", async () => {
    const answer = await upload([{ name: "a", kind: "http" }]);
    expect(answer.body.errors[0]).toMatchObject({ path: "/functions/0/url", message: "url is missing." });
  });

  it.each([
    [{ "webhook-id": "x" }, "/functions/0/headers/webhook-id"],
    [{ Host: "x" }, "/functions/0/headers/Host"],
    [{ "x y": "x" }, "/functions/0/headers/x y"],
    [{ "x-a": "line\r\nbreak" }, "/functions/0/headers/x-a"],
    [{ "x-a": "1", "X-A": "2" }, "/functions/0/headers/X-A"],
  ])("refuses the headers %j without repeating their values", async (headers, path) => {
    const answer = await upload([functionAt("a", "ok", { headers })]);
    expectProblem(answer, 422, "invalid_input");
    expect(answer.body.errors[0].path).toBe(path);
    expect(JSON.stringify(answer.body)).not.toContain("break");
  });

  it("refuses an expression that is not understood, saying where", async () => {
    const answer = await upload([functionAt("a"), functionAt("b", "ok", { schedule: "every fortnite" })]);
    expectProblem(answer, 422, "invalid_input");
    expect(answer.body.errors[0]).toMatchObject({ path: "/functions/1/schedule", position: 6 });
  });

  it("refuses a schedule that happens only once: a function's own recurs", async () => {
    const answer = await upload([functionAt("a"), functionAt("b", "ok", { schedule: "in 10 minutes" })]);
    expectProblem(answer, 422, "invalid_input");
    expect(answer.body.errors).toMatchObject([
      { path: "/functions/1/schedule", message: /happens only once/, suggestion: "every day at 9am" },
    ]);
  });

  it("refuses code with a problem of its own where the deployment cannot run any", async () => {
    const owner = await makeProjectOwner();
    const send = async (body: object) => {
      const request = new Request(`https://carillon.test${owner.at}/versions`, {
        method: "POST",
        headers: { authorization: `Bearer ${owner.token}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      const context = createExecutionContext();
      const { LOADER: _, ...without } = env;
      const response = await worker.fetch(asIncoming(request), without, context);
      await waitOnExecutionContext(context);
      return response.json();
    };
    const refused = { code: "code_functions_unavailable", errors: [{ path: "/modules" }] };
    expect(await send({ modules: { "main.js": "" } })).toMatchObject(refused);
    const listed = { functions: [{ name: "a", kind: "code", export: "a" }] };
    expect(await send(listed)).toMatchObject({ ...refused, errors: [{ path: "/functions/0/kind" }] });
  });
});

const asIncoming = (request: Request) => request as Request<unknown, IncomingRequestCfProperties>;

describe("publishing", () => {
  it("says what a dry run would do and does not do it", async () => {
    const owner = await makeProjectOwner();
    const functions = [functionAt("work", "ok", { schedule: "every day at 9am" })];
    await owner.call("POST", `${owner.at}/versions`, { body: { functions } });
    const dry = await owner.call("PUT", `${owner.at}/published?dry_run=true`, { body: { version: 2 } });
    expect(dry.body).toEqual({
      version: 2,
      dry_run: true,
      schedules: { created: ["work"], changed: [], removed: [], unchanged: [] },
      run_id: null,
    });
    expect((await owner.call("GET", `${owner.at}/published`)).body.version).toBe(1);
  });

  it("reconciles the functions' own schedules and leaves the others alone", async () => {
    const owner = await makeProjectOwner([functionAt("work", "ok", { schedule: "every day at 9am" })]);
    const dynamic = await schedule(owner, { schedule: "every hour" });
    const functions = [functionAt("work", "ok", { schedule: "every day at 10am" })];
    await owner.call("POST", `${owner.at}/versions`, { body: { functions } });
    const published = await owner.call("PUT", `${owner.at}/published`, { body: { version: 2 } });
    expect(published.body.schedules.changed).toEqual(["work"]);
    const metadata = await owner.call("GET", `${owner.at}/schedules?origin=metadata&state=active`);
    expect(metadata.body.items.map((one: { cron: string[] }) => one.cron)).toEqual([["0 10 * * *"]]);
    expect((await owner.call("GET", `${owner.at}/schedules/${dynamic.id}`)).body.state).toBe("active");
  });

  it("answers 404 for a version that is not there, and before the first publication", async () => {
    const owner = await makeOwner();
    const { body } = await owner.call("POST", "/v1/projects", { body: { name: "Empty" } });
    const at = `/v1/projects/${body.id}`;
    expectProblem(await owner.call("GET", `${at}/published`), 404, "not_found");
    expectProblem(await owner.call("PUT", `${at}/published`, { body: { version: 1 } }), 404, "not_found");
    expectProblem(await owner.call("GET", `${at}/versions/1`), 404, "not_found");
    expectProblem(await owner.call("GET", `${at}/versions/first`), 404, "not_found");
  });
});
