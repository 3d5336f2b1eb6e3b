/** `/projects/{p}/runs/{r}`: what each level of access is shown of a run, and the button that sends news of it again. */
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SHOWN_AT_ONCE } from "../../../src/console/pieces/said.tsx";
import { newsOfRun, readRunId } from "../../../src/domain/ids.ts";
import { DELIVERY_REASONS } from "../../../src/domain/news/delivery-failure.ts";
import { readNotification } from "../../../src/domain/notification.ts";
import type { RunError } from "../../../src/domain/run.ts";
import { listDeliveries } from "../../../src/runlog/deliveries.ts";
import { claimDelivery, settleDelivery } from "../../../src/runlog/delivery-claims.ts";
import { newId, now } from "../../../src/system.ts";
import { keepCaptured, keepFailed } from "../../support/captured.ts";
import { keepToldRun, TOLD_SCHEDULE } from "../../support/told-run.ts";
import { actsIn, Browser } from "../browser.ts";
import { browserOf, makeProjectTeam } from "../project-team.ts";

const HOSTILE = `</p><script>alert("1")</script><img src=x onerror=alert(1)>`;
const ERROR: RunError = { reason: "http_status", message: `It answered 500: ${HOSTILE}`, excerpt: HOSTILE };
const BOUNCED = { reason: "address_refused", message: "The mailbox is gone." } as const;

beforeEach(() => {
  vi.spyOn(env.DELIVERIES, "send").mockResolvedValue({ metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } });
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** A project, a run of it that failed, and news of that for the owner and somebody whom it did not reach. */
async function makeScene(error: RunError = ERROR) {
  const team = await makeProjectTeam();
  const [ada, bo] = [team.owner, (await team.member("app_only")).person];
  const run = await keepToldRun(team.scope, { status: "failed", error }, [
    { member: ada },
    { member: bo, suppressed: BOUNCED },
  ]);
  const path = `${team.path}/runs/${run.id}`;
  const ledger = () => listDeliveries(env.RUNLOG, team.scope, newsOfRun(run.id), 10);
  const [first] = await ledger().then((all) => all.filter(({ recipient }) => recipient.id === ada.id));
  if (first === undefined) throw new Error("Nothing was planned");
  const again = `${path}/deliveries/${first.id}/redelivery`;
  return { ...team, ada, bo, run, path, ledger, first, again, browser: await browserOf(ada) };
}

describe("the page of a run", () => {
  it("says what happened, when and why, in the words of the news, and escapes what others wrote", async () => {
    const { browser, path } = await makeScene();
    const page = await browser.get(path);
    expect(page.status).toBe(200);
    expect(page.text).toContain("<h1>work in Reports</h1>");
    expect(page.text).toContain("<span>work in Reports failed</span>");
    expect(page.text).toContain(TOLD_SCHEDULE.description);
    expect(page.text).toContain("15 Jan 2027, 10:00 Europe/Berlin (09:00 UTC)");
    expect(page.text).toContain("<code>failed</code>");
    expect(page.text).toContain("It answered 500: &lt;/p&gt;&lt;script&gt;");
    expect(page.text).not.toContain("<script>");
    expect(page.text).not.toContain("<img src=x");
  });

  it("says times in the zone that its reader wants", async () => {
    const { browser, path, ada } = await makeScene();
    await ada.call("PATCH", "/v1/me/preferences", { body: { timezone: "Asia/Tokyo" } });
    expect((await browser.get(path)).text).toContain("18:00 Asia/Tokyo (09:00 UTC)");
  });

  it("can be opened by the project's slug, too", async () => {
    const { browser, slug, run } = await makeScene();
    expect((await browser.get(`/projects/${slug}/runs/${run.id}`)).status).toBe(200);
  });

  it("folds long messages, and gives each its own direction", async () => {
    const long = "ש".repeat(SHOWN_AT_ONCE + 1);
    const { browser, path } = await makeScene({ reason: "http_status", message: long });
    const { text } = await browser.get(path);
    expect(text).toMatch(/<details class="said wrong" dir="auto"><summary><span class="start">ש{300}…</);
    expect(text).toContain(`</summary>${long}</details>`);
    expect(text).toContain(`<p class="quiet" dir="auto">${BOUNCED.message}</p>`);
  });

  it("says for which notification a delivery is, by its place and its subject", async () => {
    const { browser, path, run, scope } = await makeScene();
    expect((await browser.get(path)).text.match(/For notification 1</g)).toHaveLength(2);
    const notifications = [readNotification({ subject: "<b>Numbers" })];
    await env.RUNLOG.prepare(
      "UPDATE news SET body = json_set(body, '$.notifications', json(?3)) WHERE workspace_id = ?1 AND id = ?2",
    )
      .bind(scope.workspaceId, newsOfRun(run.id), JSON.stringify(notifications))
      .run();
    expect((await browser.get(path)).text).toContain("For notification 1, “<bdi>&lt;b&gt;Numbers</bdi>”");
  });

  it("shows every attempt, and which one it is", async () => {
    const {
      scope,
      browser,
      path: of,
    } = await makeProjectTeam().then(async (team) => ({
      ...team,
      browser: await browserOf(team.owner),
    }));
    const first = await keepToldRun(scope, { status: "failed", error: ERROR, retryAt: now() }, []);
    const retry = { id: readRunId(newId()), attempt: 1, originRunId: first.id, cause: "retry" } as const;
    const second = await keepToldRun(scope, retry, []);
    const page = await browser.get(`${of}/runs/${second.id}`);
    expect(page.text).toContain(`<a href="${of}/runs/${first.id}">Attempt 1</a> failed`);
    expect(page.text).toMatch(/Attempt 2 <span class="mark">this one<\/span> succeeded/);
  });

  it("shows its pictures from this very host, links its PDF, and says why one could not be taken", async () => {
    const { scope, browser, at, path, run } = await makeScene();
    await keepCaptured({ scope, run: run.id, format: "png" });
    await keepFailed({ scope, run: run.id, format: "pdf" }, { reason: "blank", message: "All of one colour." });
    const page = await browser.get(path);
    const picture = `${at}/runs/${run.id}/captures/png?size=preview`;
    expect(page.text).toContain(`src="${picture}"`);
    expect(page.headers.get("content-security-policy")).toContain("img-src 'self'");
    expect((await browser.get(picture)).headers.get("content-type")).toBe("image/png");
    expect(page.text).toContain("PDF: it could not be taken.");
    expect(page.text).toContain("All of one colour.");
  });

  it("tells a run that goes on, and one that somebody cancelled, without news of it", async () => {
    const { scope, path, browser } = await makeScene();
    const cancelled = await keepToldRun(scope, { status: "cancelled", id: readRunId(newId()) }, []);
    const page = await browser.get(path.replace(/[^/]+$/, cancelled.id));
    expect(page.text).toContain("work in Reports was cancelled");
    expect(page.text).toContain("Nobody was told of it.");
  });
});

describe("what each level of access is shown", () => {
  it("shows an editor every delivery, its state, the reason and what mends it", async () => {
    const { member, path, ada, bo } = await makeScene();
    const page = await (await member("can_edit")).browser.get(path);
    for (const said of [ada.email, bo.email, "on its way", "not sent", BOUNCED.message, "suppression list"])
      expect(page.text).toContain(said);
    expect(DELIVERY_REASONS[BOUNCED.reason].fix).toContain("suppression list");
    expect(page.text.match(/redelivery/g)).toHaveLength(2);
  });

  it("shows a viewer the run, and nobody else's deliveries", async () => {
    const { member, path, ada } = await makeScene();
    const page = await (await member("can_view")).browser.get(path);
    expect(page.text).toContain("work in Reports failed");
    expect(page.text).toContain("You were told nothing of it.");
    expect(page.text).not.toContain(ada.email);
    expect(page.text).not.toContain("redelivery");
  });

  it("shows whom only the app is shared with what they were told themselves, and no more", async () => {
    const { path, bo, ada, at, run } = await makeScene();
    const page = await (await browserOf(bo)).get(path);
    expect(page.text).toContain("work in Reports failed");
    expect(page.text).toContain(BOUNCED.message);
    expect(page.text).toContain(`href="${at}/app"`);
    expect(page.text).not.toContain(`${at}/runs/${run.id}/app`);
    for (const hidden of [ada.email, "redelivery", "<code>failed</code>"]) expect(page.text).not.toContain(hidden);
  });

  it("tells them nothing of a run that they were not told of, whether it is there or not", async () => {
    const { member, path, run } = await makeScene();
    const { browser } = await member("app_only");
    const [there, none] = [await browser.get(path), await browser.get(path.replace(run.id, newId()))];
    for (const page of [there, none]) {
      expect(page.status).toBe(200);
      expect(page.text).toContain("Of this run you were told nothing.");
      expect(page.text).not.toContain("failed");
    }
  });

  it("shows can_explore its captures and the app as it was", async () => {
    const { member, scope, path, at, run } = await makeScene();
    await keepCaptured({ scope, run: run.id, format: "pdf" });
    const page = await (await member("can_explore")).browser.get(path);
    expect(page.text).toContain(`href="${at}/runs/${run.id}/app"`);
    expect(page.text).toContain(`href="${at}/runs/${run.id}/captures/pdf"`);
    expect(page.text).not.toContain("<code>failed</code>");
  });

  it("is not there for whoever has no access, for other workspaces, and for what is no run", async () => {
    const { member, path, browser, run } = await makeScene();
    const outsider = await browserOf((await makeProjectTeam()).owner);
    const answers = [
      await (await member("none")).browser.get(path),
      await outsider.get(path),
      await browser.get(path.replace(run.id, newId())),
      await browser.get(path.replace(run.id, "nonsense")),
      await browser.get(`/projects/${newId()}/runs/${run.id}`),
    ];
    for (const { status, text } of answers) {
      expect(status).toBe(404);
      expect(text).toContain("There is nothing here for you");
    }
  });
});

describe("sending a delivery again", () => {
  it("makes it due, sends for it, leads back to the run, and is in the audit", async () => {
    const { browser, path, again, ledger, first, scope, ada } = await makeScene();
    const answer = await browser.post(again);
    expect([answer.status, answer.location]).toEqual([303, `${path}?again=${first.id}#news`]);
    expect((await browser.get(`${path}?again=${first.id}`)).text).toContain(
      `News to ${ada.email} by email is on its way`,
    );
    const { workspaceId: workspace, projectId: project } = scope;
    const order = { kind: "deliver", workspace, project, news: first.news, delivery: first.id, isLight: true };
    expect(env.DELIVERIES.send).toHaveBeenCalledExactlyOnceWith(order);
    expect((await ledger()).find(({ id }) => id === first.id)).toMatchObject({ state: "pending", attempts: 0 });
    // It travels with others of its moment.
    await vi.waitFor(async () =>
      expect((await actsIn(ada.scope)).map(({ act }) => act)).toContain("delivery.repeated"),
    );
  });

  it("is left to the sweep where the queue does not take it", async () => {
    const { browser, again, ledger, first } = await makeScene();
    vi.spyOn(console, "error").mockImplementation(() => {});
    vi.mocked(env.DELIVERIES.send).mockRejectedValue(new Error("The queue is down"));
    expect((await browser.post(again)).status).toBe(303);
    expect((await ledger()).find(({ id }) => id === first.id)?.nextAt).toBeLessThanOrEqual(now());
  });

  it("is refused while it is being sent", async () => {
    const { browser, scope, again, first } = await makeScene();
    await claimDelivery(env.RUNLOG, scope, first, "send", now());
    const answer = await browser.post(again);
    expect(answer.status).toBe(409);
    expect(answer.text).toContain("It is being sent at this moment");
    expect(env.DELIVERIES.send).not.toHaveBeenCalled();
  });

  it("is refused seconds after it was tried, and says when it may be", async () => {
    const { browser, scope, again, first, path } = await makeScene();
    const claimed = await claimDelivery(env.RUNLOG, scope, first, "send", now());
    if (claimed === null) throw new Error("It could not be claimed");
    const attempt = { at: now(), tookMs: 12, outcome: "sent", failure: null } as const;
    const settled = { state: "sent", nextAt: null, failure: null, picture: null, progress: null, attempt } as const;
    await settleDelivery(env.RUNLOG, scope, claimed, settled, now());
    const answer = await browser.post(again);
    expect(answer.status).toBe(409);
    expect(answer.text).toContain("in the last 10 seconds");
    expect(answer.text).toContain(`href="${path}#news"`);
  });

  it("is said of no delivery that the run does not have", async () => {
    const { browser, path } = await makeScene();
    for (const id of [newId(), encodeURIComponent(HOSTILE)]) {
      const { status, text } = await browser.get(`${path}?again=${id}`);
      expect(status).toBe(200);
      expect(text).not.toContain("is on its way");
      expect(text).not.toContain(id);
      expect(text).not.toContain("<script>");
    }
  });

  it("is for editors of the project alone, and from a page of this deployment", async () => {
    const { browser, again, bo, member } = await makeScene();
    const outsider = await browserOf((await makeProjectTeam()).owner);
    expect((await (await browserOf(bo)).post(again)).status).toBe(403);
    expect((await (await member("can_view")).browser.post(again)).status).toBe(403);
    expect((await outsider.post(again)).status).toBe(404);
    expect((await browser.post(again, {}, { "sec-fetch-site": "cross-site" })).status).toBe(403);
    expect((await new Browser().post(again)).status).toBe(401);
    expect(env.DELIVERIES.send).not.toHaveBeenCalled();
  });

  it("finds nothing where there is no such delivery", async () => {
    const { browser, again, first } = await makeScene();
    for (const id of [newId(), "nonsense"]) expect((await browser.post(again.replace(first.id, id))).status).toBe(404);
    const page = await browser.post(again.replace(first.id, newId()));
    expect(page.text).toContain("There is no such delivery");
    expect(env.DELIVERIES.send).not.toHaveBeenCalled();
  });
});
