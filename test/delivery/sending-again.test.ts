/** Sending a delivery again: what it was before makes no difference, but for one that is being sent. */
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { JUST_TRIED_MS, sendAgain } from "../../src/delivery/sending-again.ts";
import { mintProjectScope } from "../../src/domain/access.ts";
import { newsOfRun, readDeliveryId, readMemberId, readProjectId, readWorkspaceId } from "../../src/domain/ids.ts";
import { findDelivery, listDeliveriesTo } from "../../src/runlog/deliveries.ts";
import { claimDelivery, settleDelivery } from "../../src/runlog/delivery-claims.ts";
import { newId } from "../../src/system.ts";
import { keepToldRun } from "../support/told-run.ts";

const NOW = Date.parse("2027-01-15T10:00:00Z");

async function makeGround() {
  const scope = mintProjectScope(readWorkspaceId(newId()), readProjectId(newId()));
  const member = { id: readMemberId(newId()), email: "ada@acme.test" };
  const run = await keepToldRun(scope, {}, [{ member }]);
  const [delivery] = await listDeliveriesTo(env.RUNLOG, scope, newsOfRun(run.id), member.id);
  if (delivery === undefined) throw new Error("Nothing was planned");
  const send = vi.fn(async () => ({ metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } }));
  const ledger = { RUNLOG: env.RUNLOG, DELIVERIES: { send } };
  const claim = () => claimDelivery(env.RUNLOG, scope, delivery, "send", NOW);
  return { scope, delivery, send, ledger, claim };
}

describe("sending a delivery again", () => {
  it("makes one that has arrived due once more, and keeps what its attempts came to", async () => {
    const { scope, delivery, send, ledger, claim } = await makeGround();
    const claimed = await claim();
    if (claimed === null) throw new Error("Not due");
    const attempt = { at: NOW, tookMs: 12, outcome: "sent", failure: null } as const;
    const settled = { state: "sent", nextAt: null, failure: null, picture: null, progress: null, attempt } as const;
    expect(await settleDelivery(env.RUNLOG, scope, claimed, settled, NOW)).toBe(true);
    const soon = NOW + attempt.tookMs + JUST_TRIED_MS;
    expect(await sendAgain(ledger, scope, delivery, soon - 1)).toEqual({ ok: false, error: "under_way" });
    const again = await sendAgain(ledger, scope, delivery, soon);
    expect(again).toMatchObject({
      ok: true,
      value: { state: "pending", attempts: 0, settledAt: null, log: [attempt] },
    });
    expect(send).toHaveBeenCalledExactlyOnceWith({
      ...{ kind: "deliver", workspace: scope.workspaceId, project: scope.projectId },
      ...{ news: delivery.news, delivery: delivery.id, isLight: true },
    });
  });

  it("leaves one alone that is being sent at this moment", async () => {
    const { scope, delivery, send, ledger, claim } = await makeGround();
    await claim();
    expect(await sendAgain(ledger, scope, delivery, NOW + 1)).toEqual({ ok: false, error: "under_way" });
    expect(send).not.toHaveBeenCalled();
  });

  it("finds none of another project, and none that is not there", async () => {
    const { scope, delivery, ledger } = await makeGround();
    const other = mintProjectScope(scope.workspaceId, readProjectId(newId()));
    const unknown = { ok: false, error: "unknown" };
    expect(await sendAgain(ledger, other, delivery, NOW)).toEqual(unknown);
    expect(await sendAgain(ledger, scope, { ...delivery, id: readDeliveryId(newId()) }, NOW)).toEqual(unknown);
  });

  it("leaves it to the sweep where the queue does not take it", async () => {
    const { scope, delivery, send, ledger } = await makeGround();
    const noted = vi.spyOn(console, "error").mockImplementation(() => {});
    send.mockRejectedValue(new Error("The queue is down"));
    expect((await sendAgain(ledger, scope, delivery, NOW)).ok).toBe(true);
    expect(noted).toHaveBeenCalledOnce();
    const found = await findDelivery(env.RUNLOG, scope, delivery.news, delivery.id, NOW);
    expect(found?.delivery).toMatchObject({ state: "pending", nextAt: NOW });
  });
});
