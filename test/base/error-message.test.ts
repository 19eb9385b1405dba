import { expect, it } from 'vitest';
import { messageOf } from '../../src/base/error-message.ts';

it('an error says its message, and whatever else was thrown says itself', () => {
  expect([new Error('why'), 'why', undefined].map(messageOf)).toEqual(['why', 'why', 'undefined']);
});
