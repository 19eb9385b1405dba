import type { DoorStatus } from '../http/api/types.ts';

/** Which door leads, and what that is for those at this one. */
export function doorWords({ leader, isLeader }: DoorStatus): string {
  if (isLeader) return 'This is one of several doors of the lottery, and the one that draws now.';
  return leader === undefined
    ? 'This is one of several doors of the lottery. None of them leads now: the draw comes as soon as one does, and no candidate is lost.'
    : `This is one of several doors of the lottery. Door ${leader} draws now, for all of them.`;
}
