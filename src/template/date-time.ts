/** Python's datetime and timedelta, as `now()` and `to_datetime` give them. */

import type { Calculates } from '../value/arithmetic.ts';
import { toFloat } from '../value/number.ts';
import { Foreign, type Term } from '../value/term.ts';
import { str } from '../value/text.ts';
import { Callable } from './callable.ts';
import { strftime } from './strftime.ts';

const two = (value: number): string => String(value).padStart(2, '0');
const DAY = 86_400_000;

/** A date and time without a zone. */
export class DateTime extends Foreign implements Calculates {
  readonly typeName = 'datetime';
  /** What the clock shows, as milliseconds since 1970 as if it were UTC. */
  readonly clock: number;

  constructor(clock: number) {
    super();
    this.clock = clock;
  }

  /** What the clock of this machine shows at an instant. */
  static local(instant: Date): DateTime {
    return new DateTime(instant.getTime() - instant.getTimezoneOffset() * 60_000);
  }

  text(): string {
    return this.isoformat(' ');
  }

  format(format: string): string {
    return strftime(format, this.clock);
  }

  isoformat(separator: string): string {
    const iso = new Date(this.clock).toISOString();
    const milliseconds = iso.slice(20, 23);
    return iso.slice(0, 10) + separator + iso.slice(11, 19) + (milliseconds === '000' ? '' : `.${milliseconds}000`);
  }

  override equals(other: Term): boolean {
    return other instanceof DateTime && other.clock === this.clock;
  }

  override compare(other: Term): number | undefined {
    return other instanceof DateTime ? this.clock - other.clock : undefined;
  }

  calculate(operator: '+' | '-', other: Term): Term | undefined {
    if (other instanceof TimeDelta) {
      return new DateTime(this.clock + (operator === '+' ? other.milliseconds : -other.milliseconds));
    }
    return other instanceof DateTime && operator === '-' ? new TimeDelta(this.clock - other.clock) : undefined;
  }

  attribute(name: string): Term | undefined {
    const date = new Date(this.clock);
    switch (name) {
      case 'year':
        return date.getUTCFullYear();
      case 'month':
        return date.getUTCMonth() + 1;
      case 'day':
        return date.getUTCDate();
      case 'hour':
        return date.getUTCHours();
      case 'minute':
        return date.getUTCMinutes();
      case 'second':
        return date.getUTCSeconds();
      case 'microsecond':
        return date.getUTCMilliseconds() * 1000;
      default:
        return this.#method(name);
    }
  }

  #method(name: string): Term | undefined {
    switch (name) {
      case 'strftime':
        return new Callable(name, ([format = '']) => this.format(str(format)));
      case 'isoformat':
        return new Callable(name, () => this.isoformat('T'));
      case 'timestamp':
        return new Callable(name, () => toFloat(this.instant() / 1000));
      case 'weekday':
        return new Callable(name, () => (new Date(this.clock).getUTCDay() + 6) % 7);
      case 'isoweekday':
        return new Callable(name, () => new Date(this.clock).getUTCDay() || 7);
      case 'date':
        return new Callable(name, () => new DateTime(Math.floor(this.clock / DAY) * DAY));
      default:
        return undefined;
    }
  }

  /** Milliseconds since 1970, taking the clock for this machine's. */
  instant(): number {
    return this.clock + new Date(this.clock).getTimezoneOffset() * 60_000;
  }
}

/** The time between two dates. */
export class TimeDelta extends Foreign implements Calculates {
  readonly typeName = 'timedelta';
  readonly milliseconds: number;

  constructor(milliseconds: number) {
    super();
    this.milliseconds = milliseconds;
  }

  get days(): number {
    return Math.floor(this.milliseconds / DAY);
  }

  get seconds(): number {
    return Math.floor((this.milliseconds - this.days * DAY) / 1000);
  }

  text(): string {
    const { days, seconds } = this;
    const clock = `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    return days === 0 ? clock : `${days} day${Math.abs(days) === 1 ? '' : 's'}, ${clock}`;
  }

  override truthy(): boolean {
    return this.milliseconds !== 0;
  }

  override equals(other: Term): boolean {
    return other instanceof TimeDelta && other.milliseconds === this.milliseconds;
  }

  override compare(other: Term): number | undefined {
    return other instanceof TimeDelta ? this.milliseconds - other.milliseconds : undefined;
  }

  calculate(operator: '+' | '-', other: Term): Term | undefined {
    if (other instanceof DateTime && operator === '+') return other.calculate('+', this);
    if (!(other instanceof TimeDelta)) return undefined;
    return new TimeDelta(this.milliseconds + (operator === '+' ? other.milliseconds : -other.milliseconds));
  }

  attribute(name: string): Term | undefined {
    switch (name) {
      case 'days':
        return this.days;
      case 'seconds':
        return this.seconds;
      case 'microseconds':
        return (((this.milliseconds % 1000) + 1000) % 1000) * 1000;
      case 'total_seconds':
        return new Callable(name, () => toFloat(this.milliseconds / 1000));
      default:
        return undefined;
    }
  }
}
