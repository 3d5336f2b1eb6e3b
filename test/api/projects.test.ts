/** `/v1/projects`: made, shown, renamed, deleted; seen by their own workspace alone. */
import { describe, expect, it } from "vitest";
import { newId } from "../../src/system.ts";
import { expectProblem, makeOwner, makeProjectOwner, schedule } from "./caller.ts";

describe("making a project", () => {
  it("answers 201 with the project, found by id and by slug from then on", async () => {
    const owner = await makeOwner();
    const made = await owner.call("POST", "/v1/projects", { body: { name: "Größe & Menge!" } });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ name: "Größe & Menge!", slug: "grosse-menge" });
    expect((await owner.call("GET", `/v1/projects/${made.body.id}`)).body).toEqual(made.body);
    expect((await owner.call("GET", "/v1/projects/grosse-menge")).body).toEqual(made.body);
  });

  it("finds another slug where the one of the name is taken, but refuses a taken one that was asked for", async () => {
    const owner = await makeOwner();
    await owner.call("POST", "/v1/projects", { body: { name: "Reports" } });
    const second = await owner.call("POST", "/v1/projects", { body: { name: "Reports" } });
    expect(second.body.slug).toMatch(/^reports-[0-9a-f]{6}$/);
    expectProblem(await owner.call("POST", "/v1/projects", { body: { name: "R", slug: "reports" } }), 409, "conflict");
  });

  it("happens once under an idempotency key, and answers the same again", async () => {
    const owner = await makeOwner();
    const call = { body: { name: "Reports" }, headers: { "idempotency-key": "make-reports" } };
    const first = await owner.call("POST", "/v1/projects", call);
    const again = await owner.call("POST", "/v1/projects", call);
    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(first.headers.get("idempotency-replayed")).toBeNull();
    expect((await owner.call("GET", "/v1/projects")).body.items).toHaveLength(1);
  });

  it("happens once when twins with the same key race each other", async () => {
    const owner = await makeOwner();
    const call = { body: { name: "Reports" }, headers: { "idempotency-key": "race" } };
    const answers = await Promise.all([1, 2, 3, 4].map(() => owner.call("POST", "/v1/projects", call)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  });

  it("refuses a key that was used for another request", async () => {
    const owner = await makeOwner();
    const headers = { "idempotency-key": "one" };
    await owner.call("POST", "/v1/projects", { body: { name: "A" }, headers });
    expectProblem(
      await owner.call("POST", "/v1/projects", { body: { name: "B" }, headers }),
      422,
      "idempotency_key_reused",
    );
  });

  it("lets another workspace use the same key and the same slug", async () => {
    const [owner, other] = [await makeOwner(), await makeOwner()];
    const call = { body: { name: "Reports", slug: "reports" }, headers: { "idempotency-key": "same" } };
    const [one, two] = [await owner.call("POST", "/v1/projects", call), await other.call("POST", "/v1/projects", call)];
    expect([one.status, two.status]).toEqual([201, 201]);
    expect(one.body.id).not.toBe(two.body.id);
  });

  it("takes the zone of its schedules from the request", async () => {
    const owner = await makeOwner();
    const { body } = await owner.call("POST", "/v1/projects", { body: { name: "R", timezone: "europe/berlin" } });
    expect((await owner.call("GET", `/v1/projects/${body.id}/settings`)).body).toEqual({ timezone: "Europe/Berlin" });
  });
});

describe("the list of projects", () => {
  it("pages through every project once, oldest first", async () => {
    const owner = await makeOwner();
    for (const name of ["a", "b", "c", "d", "e"]) await owner.call("POST", "/v1/projects", { body: { name } });
    const names: string[] = [];
    for (let cursor = ""; ; ) {
      const { body } = await owner.call("GET", `/v1/projects?limit=2${cursor}`);
      names.push(...body.items.map(({ name }: { name: string }) => name));
      if (body.next_cursor === null) break;
      cursor = `&cursor=${body.next_cursor}`;
    }
    expect(names).toEqual(["a", "b", "c", "d", "e"]);
  });

  it("shows nothing of another workspace", async () => {
    const [owner, outsider] = [await makeProjectOwner(), await makeOwner()];
    expect((await outsider.call("GET", "/v1/projects")).body.items).toEqual([]);
    expectProblem(await outsider.call("GET", owner.at), 404, "not_found");
  });
});

describe("a project", () => {
  it("keeps its slug when it is renamed", async () => {
    const owner = await makeProjectOwner();
    const before = (await owner.call("GET", owner.at)).body;
    const renamed = await owner.call("PATCH", owner.at, { body: { name: "Weekly" } });
    expect(renamed.body).toMatchObject({ name: "Weekly", slug: before.slug, id: before.id });
    expect((await owner.call("GET", owner.at)).body).toEqual(renamed.body);
  });

  it("is gone for good once deleted: every address under it, and its slug is free", async () => {
    const owner = await makeProjectOwner();
    const { slug } = (await owner.call("GET", owner.at)).body;
    const { id } = await schedule(owner);
    expect((await owner.call("DELETE", owner.at)).status).toBe(204);
    for (const path of [owner.at, `${owner.at}/schedules`, `${owner.at}/schedules/${id}`, `/v1/projects/${slug}`]) {
      expectProblem(await owner.call("GET", path), 404, "not_found");
    }
    expectProblem(await owner.call("DELETE", owner.at), 404, "not_found");
    expect((await owner.call("POST", "/v1/projects", { body: { name: "New", slug } })).status).toBe(201);
  });

  it("cannot be told from one that never was by someone else", async () => {
    const [owner, outsider] = [await makeProjectOwner(), await makeOwner()];
    const foreign = await outsider.call("GET", owner.at);
    const unknown = await outsider.call("GET", `/v1/projects/${newId()}`);
    const { request_id: _, ...foreignBody } = foreign.body;
    const { request_id: __, ...unknownBody } = unknown.body;
    expect(foreignBody).toEqual(unknownBody);
  });
});
