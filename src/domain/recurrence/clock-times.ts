/** The times of day that a cron line names: the product of its seconds, minutes and hours. Pure. */

/** Seconds after midnight. */
export type SecondOfDay = number;

export const NO_TIME = -1;

/** For every value of a field, the nearest listed value at or above it, and at or below it; `NO_TIME` when there is none. */
interface Neighbours {
  readonly up: Int8Array;
  readonly down: Int8Array;
  readonly first: number;
  readonly last: number;
}

/**
 * Nearest-neighbour tables over the three fields of the clock; lists are sorted, unique and not empty. `| 0` keeps the
 * arithmetic in integers, which the remainder of a division is several times quicker in.
 */
export class ClockTimes {
  readonly first: SecondOfDay;
  readonly last: SecondOfDay;
  private readonly hours: Neighbours;
  private readonly minutes: Neighbours;
  private readonly seconds: Neighbours;

  constructor(hours: readonly number[], minutes: readonly number[], seconds: readonly number[]) {
    this.hours = neighbours(hours, 24);
    this.minutes = neighbours(minutes, 60);
    this.seconds = neighbours(seconds, 60);
    this.first = this.hours.first * 3600 + this.minutes.first * 60 + this.seconds.first;
    this.last = this.hours.last * 3600 + this.minutes.last * 60 + this.seconds.last;
  }

  /** The first listed time at or after a second of the day, or `NO_TIME`. */
  from(time: SecondOfDay): SecondOfDay {
    const { hours, minutes, seconds } = this;
    const hour = (time / 3600) | 0;
    const minute = ((time / 60) | 0) - hour * 60;
    if (hours.up[hour] === hour) {
      if (minutes.up[minute] === minute) {
        const second = seconds.up[(time | 0) % 60] ?? NO_TIME;
        if (second >= 0) return hour * 3600 + minute * 60 + second;
      }
      const later = minutes.up[minute + 1] ?? NO_TIME;
      if (later >= 0) return hour * 3600 + later * 60 + seconds.first;
    }
    const laterHour = hours.up[hour + 1] ?? NO_TIME;
    return laterHour < 0 ? NO_TIME : laterHour * 3600 + minutes.first * 60 + seconds.first;
  }

  /** The last listed time at or before a second of the day, or `NO_TIME`. */
  upTo(time: SecondOfDay): SecondOfDay {
    const { hours, minutes, seconds } = this;
    const hour = (time / 3600) | 0;
    const minute = ((time / 60) | 0) - hour * 60;
    if (hours.down[hour] === hour) {
      if (minutes.down[minute] === minute) {
        const second = seconds.down[(time | 0) % 60] ?? NO_TIME;
        if (second >= 0) return hour * 3600 + minute * 60 + second;
      }
      const earlier = minutes.down[minute - 1] ?? NO_TIME;
      if (earlier >= 0) return hour * 3600 + earlier * 60 + seconds.last;
    }
    const earlierHour = hours.down[hour - 1] ?? NO_TIME;
    return earlierHour < 0 ? NO_TIME : earlierHour * 3600 + minutes.last * 60 + seconds.last;
  }
}

function neighbours(values: readonly number[], size: number): Neighbours {
  // One place more than there are values: the search upwards may ask just past the end.
  const up = new Int8Array(size + 1).fill(NO_TIME);
  const down = new Int8Array(size).fill(NO_TIME);
  const listed = new Set(values);
  for (let value = size - 1; value >= 0; value--) up[value] = listed.has(value) ? value : (up[value + 1] ?? NO_TIME);
  for (let value = 0; value < size; value++) down[value] = listed.has(value) ? value : (down[value - 1] ?? NO_TIME);
  return { up, down, first: up[0] ?? NO_TIME, last: down[size - 1] ?? NO_TIME };
}
