import { difficultyBits } from '../consensus/work/difficulty.ts';
import { amountText } from './amount-text.ts';

/** A difficulty as a number, and as bits for people: "1 048 576, which is 20.0 bits". */
export function difficultyText(difficulty: bigint): string {
  return `${amountText(String(difficulty))}, which is ${bitsText(difficulty)}`;
}

/** A difficulty in bits: "20.0 bits". */
export function bitsText(difficulty: bigint): string {
  return `${difficultyBits(difficulty).toFixed(1)} bits`;
}

/** Hashes in a second, as people read them: "93.4 kH/s". */
export function rateText(hashesPerSecond: number): string {
  const [divisor, unit] = rateUnits.find(([size]) => hashesPerSecond >= size) ?? [1, 'H/s'];
  return `${Number((hashesPerSecond / divisor).toPrecision(3))} ${unit}`;
}

const rateUnits: readonly (readonly [size: number, unit: string])[] = [
  [1e9, 'GH/s'],
  [1e6, 'MH/s'],
  [1e3, 'kH/s'],
];

/** A long time with two digits that matter, in the unit that people would use: "3.2 s", "12 minutes", "5 days". */
export function durationText(milliseconds: number): string {
  const [size, unit] = durationUnits.find(([least]) => milliseconds >= 2 * least) ?? [1000, 's'];
  const value = milliseconds / size;
  if (value >= 1e6) return `10^${Math.floor(Math.log10(value))} ${unit}`;
  return `${Number(value.toPrecision(2))} ${unit}`;
}

const durationUnits: readonly (readonly [least: number, unit: string])[] = [
  [31_557_600_000, 'years'],
  [86_400_000, 'days'],
  [3_600_000, 'hours'],
  [60_000, 'minutes'],
];
