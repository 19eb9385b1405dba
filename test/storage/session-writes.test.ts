import { describe, expect, it } from 'vitest';
import { type SessionWrite, SessionWrites } from '../../src/storage/session-writes.ts';

const put = (key: string): SessionWrite => ({ type: 'put', key, value: '' });
const removal = (key: string): SessionWrite => ({ type: 'del', key });

/** A disk that writes when it is told to, or refuses. */
class Disk {
  readonly batches: { readonly keys: string; readonly isSynced: boolean }[] = [];
  isRefusing = false;
  readonly writes = new SessionWrites(async (batch, isSynced) => {
    this.batches.push({ keys: batch.map(({ type, key }) => `${type} ${key}`).join(), isSynced });
    if (this.isRefusing) throw new Error('refused');
  });
}

describe('the writes of sessions', () => {
  it('of one turn go together, and are synced only when it is asked for', async () => {
    const { writes, batches } = new Disk();
    writes.add(put('a'));
    writes.add(removal('b'));
    await writes.settled();
    writes.add(put('c'));
    writes.add(removal('a'));
    await writes.synced();
    expect(batches).toEqual([
      { keys: 'put a,del b', isSynced: false },
      { keys: 'put c,del a', isSynced: true },
    ]);
  });

  it('are not synced before they are written', async () => {
    let write: () => void = () => undefined;
    const writes = new SessionWrites(
      () =>
        new Promise((resolve) => {
          write = resolve;
        }),
    );
    let isSynced = false;
    writes.add(removal('a'));
    const synced = writes.synced().then(() => {
      isSynced = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isSynced).toBe(false);
    write();
    await synced;
  });

  it('that fail reject for their callers, and a removal goes with the next write while an addition does not', async () => {
    const disk = new Disk();
    disk.isRefusing = true;
    disk.writes.add(put('a'));
    disk.writes.add(removal('b'));
    await expect(disk.writes.synced()).rejects.toThrow('refused');
    disk.isRefusing = false;
    disk.writes.add(removal('c'));
    await disk.writes.synced();
    await disk.writes.settled();
    expect(disk.batches.at(-1)).toEqual({ keys: 'del b,del c', isSynced: true });
    expect(disk.batches).toHaveLength(2);
  });

  it('that failed are tried once more before the store is closed', async () => {
    const disk = new Disk();
    disk.isRefusing = true;
    disk.writes.add(removal('b'));
    await disk.writes.settled();
    disk.isRefusing = false;
    await disk.writes.settled();
    expect(disk.batches.map(({ keys }) => keys)).toEqual(['del b', 'del b']);
  });
});
