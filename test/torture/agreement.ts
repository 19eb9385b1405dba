import { setTimeout as delay } from 'node:timers/promises';
import type { ChainNode, NodeTip } from './chain-node.ts';
import { expect } from './expect.ts';

/** Nodes that lost each other notice it within 15 s, and dial again within 16 s; a crowded machine takes its time, too. */
const agreementMs = 180_000;

/** True where all nodes answer and have the same last block. */
export function isSame(tips: readonly (NodeTip | undefined)[]): boolean {
  return tips[0] !== undefined && tips.every((tip) => tip?.hash === tips[0]?.hash);
}

/**
 * Resolves with the height of the chain that all nodes have. Throws when they do not agree in time.
 * @param isOver looks at their last blocks, and may do something that helps
 */
export async function agreement(
  nodes: readonly ChainNode[],
  pauseMs: number,
  isOver: (tips: readonly (NodeTip | undefined)[]) => boolean | Promise<boolean> = isSame,
): Promise<number> {
  const endMs = performance.now() + agreementMs;
  for (;;) {
    const tips = await Promise.all(nodes.map((node) => node.tip()));
    if (await isOver(tips)) return tips[0]?.height ?? 0;
    const words = tips.map((tip, place) => `node ${place + 1} ${tip?.height ?? 'no answer'}`).join(', ');
    expect(performance.now() < endMs, `the nodes do not agree: ${words}`);
    await delay(pauseMs / 2);
  }
}
