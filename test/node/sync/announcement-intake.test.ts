import { describe, expect, it } from 'vitest';
import { AnnouncementIntake } from '../../../src/node/sync/announcement-intake.ts';
import { limits } from '../../../src/node/sync/limits.ts';
import { SimulatedClock } from '../../sim/simulated-clock.ts';

const { announcementBurst, announcementBytesMax, announcedBurstBytes } = limits;

describe('what a peer announces', () => {
  it('is taken up to a burst, and then as fast as honest peers announce', async () => {
    const clock = new SimulatedClock();
    const intake = new AnnouncementIntake(clock);
    for (let count = 0; count < announcementBurst; count++) expect(intake.take('a', 10)).toBe(true);
    expect(intake.take('a', 10)).toBe(false);
    expect(intake.take('b', 10)).toBe(true);
    await clock.pass(1000 / limits.announcementsPerSecondMax);
    expect(intake.take('a', 10)).toBe(true);
    expect(intake.take('a', 10)).toBe(false);
    intake.forget('a');
    expect(intake.take('a', 10)).toBe(true);
  });

  it('is counted in bytes, too', () => {
    const intake = new AnnouncementIntake(new SimulatedClock());
    for (let bytes = announcementBytesMax; bytes <= announcedBurstBytes; bytes += announcementBytesMax)
      expect(intake.take('a', announcementBytesMax)).toBe(true);
    expect(intake.take('a', announcementBytesMax)).toBe(false);
  });
});
