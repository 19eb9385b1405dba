import { describe, expect, it, onTestFinished } from 'vitest';
import type { Batch, Change } from '../../src/consensus/lottery/replicated/log-entry.ts';
import type { Leadership, LogRecord, OrderedLog } from '../../src/consensus/lottery/replicated/ordered-log.ts';

/** A log with several doors. */
export interface LogUnderTest {
  /** Opens it as a door of its own. */
  open(door: string): Promise<OrderedLog & { close(): Promise<void> }>;
}

const bpm = (payload: number): Change => ({
  kind: 'candidate',
  validator: 'ab'.repeat(32),
  stake: 10n ** 60n,
  payload,
});
const seat = { codeHash: 'cd'.repeat(32), address: 'ab'.repeat(32), stake: 7n, strikes: 1 };

const of = (changes: readonly Change[]): Batch => ({ read: 7, changes });

/** Reads what follows, until enough of it has come. */
async function readUntil(
  log: OrderedLog,
  isEnough: (records: readonly LogRecord[]) => boolean,
): Promise<readonly LogRecord[]> {
  const stopping = new AbortController();
  const records: LogRecord[] = [];
  for await (const record of log.follow(stopping.signal)) {
    records.push(record);
    if (isEnough(records)) stopping.abort();
  }
  return records;
}

const entriesOf = (records: readonly LogRecord[]): readonly LogRecord[] =>
  records.filter(({ kind }) => kind === 'batch' || kind === 'control');

async function lead(log: OrderedLog): Promise<Leadership> {
  const leadership = await log.campaign(never);
  if (leadership === undefined) throw new Error('nobody has stopped it');
  return leadership;
}

const never = new AbortController().signal;

/** What every log keeps, whatever it is made of. */
export function keepsTheOrder(what: string, start: () => Promise<LogUnderTest>, isThere = true): void {
  describe.skipIf(!isThere)(`an ordered log, ${what}`, () => {
    it('gives all doors the same entries in the same order, those from before, too, and each once', async () => {
      const log = await start();
      const [anna, ben] = [await log.open('anna'), await log.open('ben')];
      onTestFinished(async () => void (await Promise.all([anna.close(), ben.close()])));
      await Promise.all([anna.append(of([bpm(1)]), 1, never), ben.append(of([bpm(2), bpm(3)]), 1, never)]);
      // What is tried again stands there once.
      await anna.append(of([bpm(1)]), 1, never);
      const isAll = (records: readonly LogRecord[]): boolean => entriesOf(records).length === 4;
      const early = readUntil(ben, isAll);
      await anna.append(of([bpm(4)]), 2, never);
      await ben.append(of([bpm(5)]), 2, never);
      const [one, other] = [entriesOf(await early), entriesOf(await readUntil(anna, isAll))];
      expect(one).toEqual(other);
      expect(one.map((record) => ('door' in record ? record.door : ''))).toEqual(
        expect.arrayContaining(['anna', 'ben']),
      );
      const payloads = one.flatMap((record) => (record.kind === 'batch' ? record.changes : []));
      expect(payloads).toHaveLength(5);
      expect(payloads).toContainEqual(bpm(4));
      const positions = one.map(({ position }) => position);
      expect(positions).toEqual([...positions].sort((a, b) => a - b));
    });

    it('lets one door lead at a time, and appends what it controls behind the last such entry only', async () => {
      const log = await start();
      const [anna, ben] = [await log.open('anna'), await log.open('ben')];
      onTestFinished(async () => void (await Promise.all([anna.close(), ben.close()])));
      const first = await lead(anna);
      const closed = { kind: 'closed', index: 1, timestamp: '2026-01-01T00:00:00.000Z' } as const;
      expect(await anna.control(closed, 0, first)).toBe('appended');
      expect(await anna.control(closed, 0, first)).toBe('fenced');
      const control = ({ kind }: LogRecord): boolean => kind === 'control';
      const [entry] = (await readUntil(ben, (records) => records.some(control))).filter(control);
      expect(entry).toMatchObject({ entry: closed });
      // A door that follows hears at once that none leads.
      const led = readUntil(ben, (records) =>
        records.some((record) => record.kind === 'leader' && record.door === 'ben'),
      );
      const elected = lead(ben);
      await first.resign();
      const second = await elected;
      expect((await led).at(-1)).toMatchObject({ term: second.term });
      expect(second.term).toBeGreaterThan(first.term);
      expect(await anna.control({ kind: 'block', text: '{}' }, entry?.position ?? 0, first)).toBe('fenced');
      expect(first.lost.aborted).toBe(true);
      expect(await ben.control({ kind: 'block', text: '{}' }, entry?.position ?? 0, second)).toBe('appended');
    });

    it('keeps seats as their last change leaves them, and knows who holds them', async () => {
      const log = await start();
      const [anna, ben] = [await log.open('anna'), await log.open('ben')];
      onTestFinished(async () => void (await ben.close()));
      expect(await ben.seats()).toEqual([]);
      await anna.append(
        of([
          { kind: 'seat', seat: { ...seat, strikes: 0 } },
          { kind: 'seat', seat },
        ]),
        1,
        never,
      );
      expect(await ben.seats()).toEqual([{ ...seat, heldBy: 'anna' }]);
      const gone = readUntil(ben, (records) => records.some(({ kind }) => kind === 'door-gone'));
      // Only what happens from here on is heard of doors.
      await readUntil(anna, (records) => records.some(({ kind }) => kind === 'batch'));
      await anna.close();
      expect((await gone).at(-1)).toMatchObject({ door: 'anna' });
      expect(await ben.seats()).toEqual([{ ...seat, heldBy: undefined }]);
      await ben.append(
        of([
          { kind: 'seat', seat },
          { kind: 'seat-left', seat },
        ]),
        1,
        never,
      );
      expect(await ben.seats()).toEqual([{ ...seat, heldBy: undefined }]);
      await ben.append(of([{ kind: 'seat-gone', codeHash: seat.codeHash }]), 2, never);
      expect(await ben.seats()).toEqual([]);
    });
  });
}
