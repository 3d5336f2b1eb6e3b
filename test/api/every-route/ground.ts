/** What the walk over every route stands on: a project with one thing of each kind. Who comes to it: `visitors.ts`. */
import { env } from "cloudflare:workers";
import { expect, vi } from "vitest";
import { reachProject } from "../../../src/actor/reach.ts";
import { addOperatorToken, operatorTokenText } from "../../../src/directory/operators.ts";
import { mintProjectScope, type ProjectScope } from "../../../src/domain/access.ts";
import { type MemberId, readProjectId, readRunId } from "../../../src/domain/ids.ts";
import { HOUR_MS } from "../../../src/domain/time/instant.ts";
import { makePageToken } from "../../../src/http/page-token.ts";
import { makeRunToken } from "../../../src/http/run-token.ts";
import { D1RunLog } from "../../../src/runlog/d1-runlog.ts";
import { newId, now, randomBytes } from "../../../src/system.ts";
import { keepCaptured, keepFailed } from "../../support/captured.ts";
import { connectSlack } from "../../support/slack-connected.ts";
import { planDelivery } from "../../support/told-run.ts";
import { unwrap } from "../../support/world.ts";
import { functionAt, makeAdmin, makeMember, type Owner, type Person } from "../caller.ts";

export interface Ground {
  readonly owner: Person;
  /** The address of the project. */
  readonly at: string;
  readonly project: string;
  readonly workspace: string;
  readonly schedule: string;
  /** A run that has succeeded, with an output that is too big for a row; one that waits for its completion, and the token to complete it. */
  readonly run: string;
  readonly waiting: { readonly run: string; readonly token: string };
  /** Opens the page of the run, which has a PNG, and a PDF that failed. */
  readonly pageToken: string;
  readonly group: string;
  /** A member of the group. */
  readonly member: MemberId;
  /** An invited and a deactivated member. */
  readonly invited: string;
  readonly deactivated: MemberId;
  readonly token: string;
  /** An endpoint that answers, and asks for nothing. */
  readonly webhook: string;
  /** Of news of the run, to the owner; nobody has begun it. */
  readonly delivery: string;
  readonly operator: string;
}

/** Asks for what has to succeed. */
export async function ask(owner: Owner, method: string, path: string, body?: object) {
  const answer = await owner.call(method, path, body === undefined ? {} : { body });
  expect(answer.status, `${method} ${path}: ${JSON.stringify(answer.body)}`).toBeLessThan(300);
  return answer.body;
}

export async function makeGround(): Promise<Ground> {
  const owner = await makeAdmin();
  const { id: project } = await ask(owner, "POST", "/v1/projects", { name: "Reports" });
  const at = `/v1/projects/${project}`;
  const functions = [functionAt("work", "large"), functionAt("later", "accept")];
  await ask(owner, "POST", `${at}/versions`, { functions });
  await ask(owner, "PUT", `${at}/published`, { version: 1 });
  await ask(owner, "POST", `${at}/versions`, { modules: { "index.js": "export const draft = () => 1;" } });
  const { id: schedule } = await ask(owner, "POST", `${at}/schedules`, {
    // So far away that it does not come while the walk goes on.
    schedule: "every year on Jan 1 at noon",
    fn: "work",
    // Of failures, which it has none of.
    notifications: [{ on: "failure", users: [owner.id] }],
  });
  const { id: run } = await ask(owner, "POST", `${at}/runs`, { fn: "work" });
  const { id: waiting } = await ask(owner, "POST", `${at}/runs`, { fn: "later" });
  const member = await makeMember(owner.scope, "editor");
  const gone = await makeMember(owner.scope, "viewer");
  await ask(owner, "DELETE", `/v1/members/${gone.id}`);
  const invited = await ask(owner, "POST", "/v1/members", { email: `new-${newId()}@acme.test`, role: "viewer" });
  const { id: group } = await ask(owner, "POST", "/v1/groups", { name: "Analysts" });
  await ask(owner, "PUT", `/v1/groups/${group}/members/${member.id}`);
  const { id: token } = await ask(owner, "POST", "/v1/tokens", { name: "spare", kind: "personal" });
  const { id: webhook } = await ask(owner, "POST", "/v1/webhooks", {
    name: "Data platform",
    url: `${env.RECEIVER}/${project}/ok`,
    events: [],
  });
  await connectSlack(owner.scope, "xoxb-ground");
  const scope = mintProjectScope(owner.scope.workspaceId, readProjectId(project));
  await atRest(owner, scope, waiting);
  const runToken = await makeRunToken(env.CARILLON_KEY, { scope, run: waiting });
  const subject = { scope, run: readRunId(run), purpose: "view" } as const;
  const pageToken = await makePageToken(env.CARILLON_KEY, subject, { now: now(), lasts: HOUR_MS });
  await keepCaptured({ ...subject, format: "png" });
  await keepFailed({ ...subject, format: "pdf" }, { reason: "blank", message: "All of one colour." });
  return {
    owner,
    at,
    project,
    workspace: owner.scope.workspaceId,
    schedule,
    run,
    waiting: { run: waiting, token: runToken },
    pageToken,
    group,
    member: member.id,
    invited: invited.member.id,
    deactivated: gone.id,
    token,
    webhook,
    delivery: await planDelivery(scope, readRunId(run), owner),
    operator: await makeOperator(),
  };
}

/** One run has gone to the log, the other waits, and the audit has all that was done: nothing moves by itself any more. */
async function atRest(owner: Owner, scope: ProjectScope, waiting: string): Promise<void> {
  const actor = reachProject(env, scope);
  await vi.waitFor(
    async () => {
      const live = unwrap(await actor.liveRuns({}, { limit: 10 }));
      expect(live.map(({ id, status }) => [id, status])).toEqual([[waiting, "running"]]);
      expect(await new D1RunLog(env.RUNLOG).list(scope, {}, { limit: 10 })).toHaveLength(1);
      const kept = await env.ARTIFACTS.list({ prefix: `${scope.workspaceId}/${scope.projectId}/runs/` });
      expect(kept.objects).toHaveLength(1);
      const started = await owner.call("GET", "/v1/audit?act=run.started");
      expect(started.body.items).toHaveLength(2);
    },
    { timeout: 20_000, interval: 50 },
  );
}

async function makeOperator(): Promise<string> {
  const token = operatorTokenText(randomBytes(32));
  await addOperatorToken(env.DIRECTORY, token, now());
  return token;
}
