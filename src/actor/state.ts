/** All that a project's verbs work on: its tables, its alarm, its ways out, and the clock. One per actor instance. */
import type { ProjectScope } from "../domain/access.ts";
import type { CaptureOrder } from "../domain/captures/capture.ts";
import type { RunRef } from "../domain/claim.ts";
import { stableFraction } from "../domain/ids.ts";
import type { DeliveryOrder } from "../domain/news/delivery-order.ts";
import type { RetryLimits } from "../domain/policy/retry.ts";
import type { Instant } from "../domain/time/instant.ts";
import { AlarmClock } from "./alarm-clock.ts";
import { AppTable } from "./app-table.ts";
import { Changes } from "./changes.ts";
import { Dispatcher } from "./dispatcher.ts";
import { DueTable } from "./due-table.ts";
import { FinishedRuns } from "./finished-runs.ts";
import { IdempotencyTable } from "./idempotency-table.ts";
import { Listeners, type Sockets } from "./listeners.ts";
import { Notices } from "./notices.ts";
import { Outbox } from "./outbox.ts";
import type { Registry } from "./registration.ts";
import { RunCounter } from "./run-counter.ts";
import { RunGate } from "./run-gate.ts";
import { RunOrders } from "./run-orders.ts";
import type { Slots } from "./run-slots.ts";
import { RunTable } from "./run-table.ts";
import { ScheduleTable } from "./schedule-table.ts";
import { SettingsTable } from "./settings-table.ts";
import { SlotLease } from "./slot-lease.ts";
import { VersionTable } from "./version-table.ts";

export interface ProjectState {
  readonly scope: ProjectScope;
  readonly storage: DurableObjectStorage;
  readonly now: () => Instant;
  readonly newId: () => string;
  readonly retryLimits: RetryLimits;
  readonly registry: Registry;
  readonly settings: SettingsTable;
  readonly schedules: ScheduleTable;
  readonly due: DueTable;
  readonly runs: RunTable;
  readonly versions: VersionTable;
  readonly app: AppTable;
  readonly idempotency: IdempotencyTable;
  readonly counter: RunCounter;
  readonly gate: RunGate;
  readonly outbox: Outbox;
  readonly orders: RunOrders;
  readonly notices: Notices;
  readonly changes: Changes;
  readonly listeners: Listeners;
  readonly clock: AlarmClock;
}

/** What an actor is given from outside. */
export interface Surroundings {
  readonly scope: ProjectScope;
  readonly storage: DurableObjectStorage;
  readonly now: () => Instant;
  readonly newId: () => string;
  readonly retryLimits: RetryLimits;
  readonly queue: Queue<RunRef>;
  readonly captures: Queue<CaptureOrder>;
  readonly deliveries: Queue<DeliveryOrder>;
  readonly log: ConstructorParameters<typeof Outbox>[1];
  readonly registry: Registry;
  readonly slots: Slots;
  readonly sockets: Sockets;
  readonly waitUntil: (work: Promise<unknown>) => void;
}

export function makeState(given: Surroundings): ProjectState {
  const { scope, storage, now, newId, retryLimits, registry } = given;
  const settings = new SettingsTable(storage.sql);
  const clock = new AlarmClock(storage);
  const listeners = new Listeners(given.sockets, now);
  const changes = new Changes((changed) => listeners.tell(changed));
  const runs = new RunTable(storage.sql, clock, changes);
  const dispatcher = new Dispatcher(scope, given.queue);
  const schedules = new ScheduleTable(storage.sql, changes);
  const { captures, deliveries } = given;
  const orders = new RunOrders({ scope, captures, deliveries, schedules, settings, now });
  const lease = new SlotLease(scope, given.slots);
  const armWanted = () => clock.armWanted(now(), () => soonest(state));
  const state: ProjectState = {
    scope,
    storage,
    now,
    newId,
    retryLimits,
    registry,
    settings,
    runs,
    schedules,
    due: new DueTable(storage.sql, clock),
    versions: new VersionTable(storage.sql, () => settings.read().publishedVersion),
    app: new AppTable(storage.sql),
    idempotency: new IdempotencyTable(storage),
    counter: new RunCounter(settings, () => stableFraction(newId())),
    gate: new RunGate({ runs, settings, dispatcher, lease, now, armWanted, waitUntil: given.waitUntil }),
    outbox: new Outbox(scope, given.log, new FinishedRuns(storage.sql), orders),
    orders,
    notices: new Notices(storage.sql, scope, deliveries),
    changes,
    listeners,
    clock,
  };
  return state;
}

/** What the memory holds of a transaction that did not commit is forgotten with it. */
export function forgetUncommitted(state: ProjectState): void {
  state.schedules.forgetCache();
  state.settings.forgetCache();
  state.versions.forgetCache();
  state.counter.forgetCache();
  state.gate.forget();
  state.orders.forget();
  state.changes.forget();
}

/** The next moment at which something of this project is due; null when nothing is. */
export function soonest(state: ProjectState): Instant | null {
  const times = [state.due.soonest(), state.runs.soonest(), state.outbox.wakeAt(), state.notices.wakeAt()].filter(
    (time) => time !== null,
  );
  return times.length === 0 ? null : Math.min(...times);
}
