/** What follows from an attempt: only what the table of transitions lets be, always an end, and never less than was sent. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDeliveryId, readNewsId } from "../../../src/domain/ids.ts";
import {
  CHANNELS,
  DELIVERY_TRANSITIONS,
  type Delivery,
  isSettled,
  type SendOutcome,
} from "../../../src/domain/news/delivery.ts";
import { DELIVERY_REASONS, isDeliveryReason } from "../../../src/domain/news/delivery-failure.ts";
import { NEWS_EVENTS } from "../../../src/domain/news/news.ts";
import { PICTURE_GIVEN_UP_MS, settlementOf } from "../../../src/domain/news/settlement.ts";
import { DAY_MS, MINUTE_MS, SECOND_MS } from "../../../src/domain/time/instant.ts";

const NOW = Date.parse("2027-01-15T09:00:00.000Z");
const LATE = { reason: "picture_late", message: "Not there." } as const;
const BUSY = { reason: "out_of_order", message: "It answered 503.", code: "503" } as const;
const REFUSED = { reason: "address_refused", message: "No." } as const;

/** Claimed for the first time. */
const delivery = (more: Partial<Delivery> = {}): Delivery => ({
  ...{ id: readDeliveryId("01930000-0000-7000-8000-000000000001"), event: "run.succeeded", notification: 0 },
  ...{ news: readNewsId("01930000-0000-7000-8000-000000000002"), wants: null, state: "pending", attempts: 1 },
  ...{ channel: "email", recipient: { kind: "user", id: "m", name: "ada@acme.test" }, address: "ada@acme.test" },
  ...{
    timezone: null,
    nextAt: NOW,
    createdAt: NOW,
    begunAt: NOW,
    round: 0,
    settledAt: null,
    failure: null,
    picture: null,
    progress: null,
  },
  ...{ log: [], told: [] },
  ...more,
});

const GOOD = { event: "run.succeeded" } as const;
const BAD = { event: "run.failed" } as const;
const settle = (outcome: SendOutcome, more: Partial<Delivery> = {}, news: typeof GOOD | typeof BAD = GOOD) =>
  settlementOf(delivery(more), news, outcome, { at: NOW, die: 0.5 });

describe("a sending", () => {
  it.each<[string, SendOutcome, Partial<Delivery>, object]>([
    ["that was taken is over", { kind: "sent" }, {}, { state: "sent", nextAt: null, failure: null, picture: null }],
    ["with less than was wanted says so", { kind: "sent", without: LATE }, {}, { state: "sent", failure: LATE }],
    [
      "whose picture follows is looked at again",
      { kind: "sent", picture: "due", progress: { ts: "1" } },
      {},
      { state: "sent", picture: "due", nextAt: NOW + 5 * MINUTE_MS, progress: { ts: "1" } },
    ],
    ["that was refused is over", { kind: "failed", failure: REFUSED }, {}, { state: "failed", nextAt: null }],
    [
      "that surely was not made is tried again",
      { kind: "again", failure: BUSY },
      {},
      { state: "retrying", nextAt: NOW + 30 * SECOND_MS, failure: BUSY },
    ],
    [
      "is given up when its plan is over",
      { kind: "again", failure: BUSY },
      { attempts: 8 },
      { state: "failed", nextAt: null },
    ],
    [
      "keeps what it had come to",
      { kind: "again", failure: BUSY },
      { progress: { channel: "D1" } },
      { progress: { channel: "D1" } },
    ],
  ])("%s", (_, outcome, more, expected) => {
    expect(settle(outcome, more)).toMatchObject(expected);
  });

  it("whose answer was lost is repeated of a webhook, once of a failure, and never of a success", () => {
    const lost = { kind: "unknown", failure: { reason: "answer_lost", message: "Cut." } } as const;
    expect(settle(lost)).toMatchObject({ state: "unknown", nextAt: null });
    expect(settle(lost, {}, BAD)).toMatchObject({ state: "retrying" });
    expect(settle(lost, { attempts: 2 }, BAD)).toMatchObject({ state: "unknown", nextAt: null });
    expect(settle(lost, { channel: "webhook", attempts: 4 })).toMatchObject({ state: "retrying" });
  });
});

describe("a picture that follows", () => {
  const follows = { state: "sent", picture: "due", attempts: 1, channel: "slack", progress: { ts: "1" } } as const;

  it.each<[string, SendOutcome, object]>([
    ["was seen", { kind: "sent", picture: "sent" }, { picture: "sent", nextAt: null, failure: null }],
    ["was published and not seen", { kind: "sent", picture: "unconfirmed" }, { picture: "unconfirmed", nextAt: null }],
    ["was dropped", { kind: "sent", picture: "dropped", without: LATE }, { picture: "dropped", failure: LATE }],
    ["is refused", { kind: "failed", failure: LATE }, { picture: "dropped", nextAt: null, failure: LATE }],
    ["may have come", { kind: "unknown", failure: BUSY }, { picture: "unconfirmed", nextAt: null }],
    [
      "is tried again",
      { kind: "again", failure: BUSY, progress: { ts: "1", file: "F1" } },
      { picture: "due", nextAt: NOW + 30 * SECOND_MS, progress: { ts: "1", file: "F1" } },
    ],
    ["is waited for as Slack says", { kind: "again", failure: BUSY, after: 90_000 }, { nextAt: NOW + 90_000 }],
  ])("that %s leaves the text sent", (_, outcome, expected) => {
    expect(settle(outcome, follows)).toMatchObject({ state: "sent", ...expected });
  });

  it("is given up when its capture would be", () => {
    const old = { ...follows, begunAt: NOW - PICTURE_GIVEN_UP_MS };
    expect(settle({ kind: "again", failure: BUSY }, old)).toMatchObject({
      state: "sent",
      picture: "dropped",
      nextAt: null,
    });
  });
});

const someFailure = fc.record({
  reason: fc.constantFrom(...Object.keys(DELIVERY_REASONS).filter(isDeliveryReason)),
  message: fc.constant("It did not work."),
});
const wait = fc.option(fc.integer({ min: 0, max: DAY_MS }), { nil: undefined });
const fault: fc.Arbitrary<SendOutcome> = fc.oneof(
  fc.record({ kind: fc.constant("again" as const), failure: someFailure, after: wait }),
  fc.record({ kind: fc.constant("unknown" as const), failure: someFailure }),
) as fc.Arbitrary<SendOutcome>;
const someOutcome: fc.Arbitrary<SendOutcome> = fc.oneof(
  { weight: 5, arbitrary: fault },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("failed" as const), failure: someFailure }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<SendOutcome>({ kind: "sent" }, { kind: "sent", picture: "due", progress: { ts: "1" } }),
  },
);
const someChannel = fc.constantFrom(...CHANNELS);
const someEvent = fc.constantFrom(...NEWS_EVENTS);
const die = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** More than any plan has, and than an admin is waited for. */
const MOST_ATTEMPTS = 30;

describe("any outcomes whatever", () => {
  it("move a delivery as the table says, later each time, and to an end", () => {
    fc.assert(
      fc.property(someChannel, someEvent, fc.infiniteStream(someOutcome), die, (channel, event, outcomes, chance) => {
        let one = delivery({ channel, attempts: 0 });
        let at = NOW;
        for (; !isSettled(one.state); ) {
          one = { ...one, attempts: one.attempts + 1 };
          expect(one.attempts).toBeLessThanOrEqual(MOST_ATTEMPTS);
          const outcome = outcomes.next().value ?? expect.fail();
          const { state, nextAt, failure, ...rest } = settlementOf(one, { event }, outcome, { at, die: chance });
          expect(DELIVERY_TRANSITIONS[one.state]).toContain(state);
          if (nextAt !== null) expect(nextAt).toBeGreaterThan(at);
          expect(state === "retrying", "what is retried has a time").toBe(nextAt !== null && rest.picture !== "due");
          if (state !== "sent") expect(failure).not.toBeNull();
          one = { ...one, ...rest, state, nextAt, failure };
          at = nextAt ?? at;
        }
      }),
    );
  });

  it("that never get better are given up all the same, by every channel", () => {
    fc.assert(
      fc.property(someChannel, someEvent, fault, die, (channel, event, outcome, chance) => {
        let [attempts, at] = [0, NOW];
        for (let next: number | null = NOW; next !== null; ) {
          at = next;
          attempts += 1;
          expect(attempts).toBeLessThanOrEqual(MOST_ATTEMPTS);
          next = settlementOf(delivery({ channel, attempts }), { event }, outcome, { at, die: chance }).nextAt;
        }
      }),
    );
  });

  it("of a picture never take back what was sent, and end", () => {
    fc.assert(
      fc.property(fc.infiniteStream(someOutcome), die, (outcomes, chance) => {
        let one = delivery({ channel: "slack", state: "sent", picture: "due", progress: { ts: "1" } });
        let at = NOW;
        for (let looks = 0; one.picture === "due"; looks += 1) {
          expect(looks).toBeLessThan(500);
          const drawn = outcomes.next().value ?? expect.fail();
          // Only a text says of its picture that it is due.
          const outcome: SendOutcome = drawn.kind === "sent" ? { kind: "sent", picture: "sent" } : drawn;
          const settled = settlementOf(one, GOOD, outcome, { at, die: chance });
          expect(settled.state).toBe("sent");
          expect(settled.nextAt === null).toBe(settled.picture !== "due");
          if (settled.nextAt !== null) expect(settled.nextAt).toBeGreaterThan(at);
          one = { ...one, ...settled };
          at = settled.nextAt ?? at;
        }
        expect(one.progress).not.toBeNull();
      }),
    );
  });
});
