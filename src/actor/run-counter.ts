/** How many runs the project has begun on this UTC day: counted in memory, written down now and then. */
import { PLANS } from "../domain/plan.ts";
import { DAY_MS, type Instant } from "../domain/time/instant.ts";
import type { SettingsTable } from "./settings-table.ts";

/** Written down once for every hundredth of what a day allows: a run must not cost a row more. */
const STEPS_PER_DAY = 100;

/**
 * An instance that goes forgets what it counted since the last writing, less than a hundredth of the limit. So that many
 * short-lived instances do not forget a whole day that way, each begins at a random place between two writings: what they
 * forget and what they count too much evens out.
 */
export class RunCounter {
  readonly #settings: SettingsTable;
  /** From 0 to 1. */
  readonly #chance: () => number;
  /** Days since 1970; none before the first look. */
  #day = Number.NaN;
  #count = 0;
  #written = 0;
  #writeAt = 0;

  constructor(settings: SettingsTable, chance: () => number) {
    this.#settings = settings;
    this.#chance = chance;
  }

  /** How many runs the day has had. */
  count(now: Instant): number {
    this.#turnTo(Math.floor(now / DAY_MS));
    return this.#count;
  }

  /** How many more the plan allows today. */
  left(now: Instant): number {
    return Math.max(this.#limit() - this.count(now), 0);
  }

  /** Counts runs. Inside the transaction that makes them. */
  add(now: Instant, runs = 1): void {
    this.#turnTo(Math.floor(now / DAY_MS));
    this.#count += runs;
    if (this.#count < this.#writeAt) return;
    const step = this.#step();
    const steps = Math.floor((this.#count - this.#writeAt) / step) + 1;
    this.#written += steps * step;
    this.#writeAt += steps * step;
    this.#settings.change({ runsOfDay: { day: this.#day, runs: this.#written } });
  }

  /** After a transaction was rolled back, what was counted inside it is not to be trusted. */
  forgetCache(): void {
    this.#day = Number.NaN;
  }

  #turnTo(day: number): void {
    if (day === this.#day) return;
    const { runsOfDay } = this.#settings.read();
    this.#day = day;
    this.#written = runsOfDay?.day === day ? runsOfDay.runs : 0;
    this.#count = this.#written;
    this.#writeAt = this.#count + 1 + Math.floor(this.#chance() * this.#step());
  }

  #step(): number {
    return Math.max(Math.floor(this.#limit() / STEPS_PER_DAY), 1);
  }

  #limit(): number {
    return PLANS[this.#settings.read().plan].runsPerDay;
  }
}
