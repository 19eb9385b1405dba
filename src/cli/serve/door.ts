import { messageOf } from '../../base/error-message.ts';
import { onOneLine } from '../../base/escape-for-display.ts';
import type { Doors } from '../../node/doors.ts';
import type { EtcdLog } from '../../replication/etcd-log.ts';
import { FailedError, UsageError } from '../command-error.ts';
import type { Config } from '../config/config.ts';

export interface DoorParts {
  readonly config: Config;
  /** The name of this run of the door; no other may have it. */
  readonly name: string;
  /** Tells the operator. */
  readonly tell: (words: string) => void;
}

/** A door of a lottery that has several. */
export interface Door {
  readonly log: EtcdLog;
  readonly doors: Doors;
}

/** Opens this server as one of several doors, where the settings want it. All of it is loaded only then. Throws a FailedError where nothing answers there. */
export async function openDoor({ config, name, tell }: DoorParts): Promise<Door | undefined> {
  const { log: place } = config;
  if (place === undefined) return undefined;
  refuseBesideLog(config);
  const [{ EtcdLog }, { Doors }] = await Promise.all([
    import('../../replication/etcd-log.ts'),
    import('../../node/doors.ts'),
  ]);
  const hosts = place.members.map((member) => `http://${member}`);
  const log = await EtcdLog.open({ hosts, prefix: `sortition/${place.name}/`, door: name, tell }).catch(
    (error: unknown) => {
      const why = onOneLine(messageOf(error));
      throw new FailedError(
        `the log at ${place.members.join(', ')} does not answer: ${why}. Start etcd there, or leave LOG out`,
      );
    },
  );
  return { log, doors: await Doors.open(log) };
}

/** What cannot be together with several doors. */
function refuseBesideLog({ peers, peerPort, consensus = 'lottery', ledger, beacons, seed }: Config): void {
  const isWith = (what: string): UsageError =>
    new UsageError(`LOG is set and ${what}, but only a plain lottery has several doors: leave one of the two out`);
  if (consensus !== 'lottery') throw isWith(`CONSENSUS is ${consensus}`);
  if (ledger === true) throw isWith('LEDGER is true');
  if (seed !== undefined) throw isWith('SEED is set, too');
  if (beacons.length > 0) throw isWith('BEACON is set, too');
  if (peers.length > 0 || peerPort !== undefined) throw isWith('there are peers');
}
