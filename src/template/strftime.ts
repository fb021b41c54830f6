const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const DAY = 86_400_000;

const padded = (value: number, width = 2): string => String(value).padStart(width, '0');

interface Clock {
  readonly date: Date;
  /** Minutes east of UTC. */
  readonly offset: number;
}

/**
 * C's strftime in the C locale. `clock` is what the clock shows, as milliseconds since 1970 as if it were UTC;
 * `offset` is how many minutes east of UTC it is (default: this machine's zone).
 */
export function strftime(format: string, clock: number, offset = -new Date(clock).getTimezoneOffset()): string {
  const shown: Clock = { date: new Date(clock), offset };
  return format.replace(/%[-0]?([A-Za-z%])/g, (all, letter: string) => {
    const text = DIRECTIVES[letter]?.(shown) ?? all;
    return all.startsWith('%-') ? text.replace(/^[0 ]+(?=\d)/, '') : text;
  });
}

const DIRECTIVES: Readonly<Record<string, (clock: Clock) => string>> = {
  '%': () => '%',
  n: () => '\n',
  t: () => '\t',
  Y: ({ date }) => String(date.getUTCFullYear()),
  y: ({ date }) => padded(date.getUTCFullYear() % 100),
  C: ({ date }) => padded(Math.floor(date.getUTCFullYear() / 100)),
  m: ({ date }) => padded(date.getUTCMonth() + 1),
  d: ({ date }) => padded(date.getUTCDate()),
  e: ({ date }) => String(date.getUTCDate()).padStart(2),
  H: ({ date }) => padded(date.getUTCHours()),
  I: ({ date }) => padded(date.getUTCHours() % 12 || 12),
  M: ({ date }) => padded(date.getUTCMinutes()),
  S: ({ date }) => padded(date.getUTCSeconds()),
  f: ({ date }) => padded(date.getUTCMilliseconds() * 1000, 6),
  j: ({ date }) => padded(dayOfYear(date), 3),
  U: ({ date }) => padded(Math.floor((dayOfYear(date) + 6 - date.getUTCDay()) / 7)),
  W: ({ date }) => padded(Math.floor((dayOfYear(date) + 6 - ((date.getUTCDay() + 6) % 7)) / 7)),
  V: ({ date }) => padded(isoWeek(date)),
  u: ({ date }) => String(date.getUTCDay() || 7),
  w: ({ date }) => String(date.getUTCDay()),
  a: ({ date }) => DAYS[date.getUTCDay()]!.slice(0, 3),
  A: ({ date }) => DAYS[date.getUTCDay()]!,
  b: ({ date }) => MONTHS[date.getUTCMonth()]!.slice(0, 3),
  h: ({ date }) => MONTHS[date.getUTCMonth()]!.slice(0, 3),
  B: ({ date }) => MONTHS[date.getUTCMonth()]!,
  p: ({ date }) => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
  s: ({ date, offset }) => String(Math.floor(date.getTime() / 1000) - offset * 60),
  z: ({ offset }) =>
    (offset < 0 ? '-' : '+') + padded(Math.floor(Math.abs(offset) / 60)) + padded(Math.abs(offset) % 60),
  Z: ({ date, offset }) => zoneName(date, offset),
  F: ({ date }) => date.toISOString().slice(0, 10),
  T: ({ date }) => date.toISOString().slice(11, 19),
  R: ({ date }) => date.toISOString().slice(11, 16),
  D: ({ date }) =>
    `${padded(date.getUTCMonth() + 1)}/${padded(date.getUTCDate())}/${padded(date.getUTCFullYear() % 100)}`,
};

function dayOfYear(date: Date): number {
  const midnight = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
  return Math.round((midnight - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY) + 1;
}

/** The week of ISO 8601: the one that holds the year's first Thursday is week 1. */
function isoWeek(date: Date): number {
  const thursday = new Date(date.getTime() + (3 - ((date.getUTCDay() + 6) % 7)) * DAY);
  return Math.floor((dayOfYear(thursday) - 1) / 7) + 1;
}

function zoneName(date: Date, offset: number): string {
  if (offset === 0) return 'UTC';
  const instant = new Date(date.getTime() - offset * 60_000);
  return /[A-Z][A-Za-z]*$/.exec(instant.toLocaleTimeString('en-US', { timeZoneName: 'short' }))?.[0] ?? '';
}
