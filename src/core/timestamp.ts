/** Days of the Gregorian calendar's cycle of 400 years, and of the years before 1970 from the year 0 on. */
const daysBefore1970 = 719_528;

const msPerDay = 86_400_000;

/** Exactly what toISOString prints, of the years 0000 to 9999: UTC with milliseconds, a day that the calendar has (SPEC 4). */
export function isTimestamp(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  const match = /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/.exec(value);
  if (match === null) return false;
  const [year, month, day] = match.slice(1, 4).map(Number);
  return year !== undefined && month !== undefined && day !== undefined && day <= daysIn(month, year);
}

/** Milliseconds of Unix time of a timestamp, negative before 1970. Throws a RangeError for any other text. */
export function timestampMs(timestamp: string): number {
  if (!isTimestamp(timestamp)) throw new RangeError(`"${timestamp}" is not a timestamp`);
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0, milliseconds = 0] = timestamp
    .split(/\D/)
    .map(Number);
  let days = daysBeforeYear(year) - daysBefore1970 + day - 1;
  for (let before = 1; before < month; before++) days += daysIn(before, year);
  return days * msPerDay + ((hour * 60 + minute) * 60 + second) * 1000 + milliseconds;
}

/** The days of the years from 0 up to this one. */
function daysBeforeYear(year: number): number {
  const last = year - 1;
  if (year === 0) return 0;
  return year * 365 + Math.floor(last / 4) - Math.floor(last / 100) + Math.floor(last / 400) + 1;
}

function daysIn(month: number, year: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}
