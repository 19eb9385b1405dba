/** Where the log of several doors is. */
export interface LogPlace {
  /** The members of an etcd, each HOST:PORT. */
  readonly members: readonly string[];
  /** Tells the lotteries apart that share it. */
  readonly name: string;
}

/** Reads `etcd://HOST:PORT,HOST:PORT/NAME`, where more members and the name may be left out; undefined for anything else. */
export function parseLogPlace(text: string): LogPlace | undefined {
  const [, list = '', name = 'lottery'] = /^etcd:\/\/([^/]+)(?:\/([A-Za-z0-9._-]+))?$/.exec(text) ?? [];
  const members = list.split(',').map((member) => member.trim());
  const isMember = (member: string): boolean => /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}$/.test(member);
  return members.every(isMember) ? { members, name } : undefined;
}
