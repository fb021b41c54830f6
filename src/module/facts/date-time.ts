import type { Plain } from '../../value/value.ts';
import type { Probe } from './probe.ts';

export function dateTimeFacts(probe: Probe): { [name: string]: Plain } {
  const words = probe.section('date').trim().split(' ');
  if (words.length < 13) return {};
  const [epoch = '', nano = '', tz = '', offset = '', weekdayNumber = '', week = ''] = words;
  const [year = '', month = '', day = '', hour = '', minute = '', second = '', weekday = ''] = words.slice(6);
  // busybox has no nanoseconds and prints the format itself
  const micro = /^\d{9}$/.test(nano) ? nano.slice(0, 6) : '000000';
  const utc = new Date(Number(epoch) * 1000).toISOString().slice(0, 19);
  const basic = `${year}${month}${day}T${hour}${minute}${second}`;
  return {
    date_time: {
      ...{ year, month, weekday, weekday_number: weekdayNumber, weeknumber: week, day, hour, minute, second },
      ...{ epoch, epoch_int: epoch, date: `${year}-${month}-${day}`, time: `${hour}:${minute}:${second}` },
      iso8601_micro: `${utc}.${micro}Z`,
      iso8601: `${utc}Z`,
      iso8601_basic: `${basic}${micro}`,
      iso8601_basic_short: basic,
      tz,
      tz_dst: summerZone(probe) ?? tz,
      tz_offset: offset,
    },
  };
}

/** Python's `time.tzname[1]`: of the zones of winter and summer, the one further east. */
function summerZone(probe: Probe): string | undefined {
  const [first, second] = probe.lines('zones').map((line) => line.split(' '));
  if (!first?.[1] || !second?.[1]) return undefined;
  return minutes(first[1]) < minutes(second[1]) ? second[0] : first[0];
}

function minutes(offset: string): number {
  const size = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(3, 5));
  return offset.startsWith('-') ? -size : size;
}
