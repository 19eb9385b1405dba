import { encode } from 'uqr';
import type { Status } from '../http/api/types.ts';
import { drawing, element, link } from './elements.ts';
import { uiConstants } from './ui-constants.ts';

/** How to take part: the commands for a terminal, and where this page is, as an address and as a QR code for phones. */
export function joinWays({ join, pages }: Pick<Status, 'join' | 'pages'>): readonly Element[] {
  // On a public server, localhost is for the one person who sits at it.
  const others = join.filter((command) => !command.includes(' localhost '));
  const commands = (others.length > 0 ? others : join).slice(0, uiConstants.commandsMax);
  const page = pages.find((address) => new URL(address).host === location.host) ?? pages[0];
  const list = element(
    'div',
    { class: 'commands' },
    element('h2', {}, 'Join from a terminal'),
    ...commands.map((command) => element('code', {}, command)),
  );
  if (page === undefined) return [list];
  list.append(element('p', {}, 'This page: ', link(page, page)));
  return [list, qrCode(page)];
}

function qrCode(page: string): SVGElement {
  // A quiet zone of four modules belongs to the symbol (ISO/IEC 18004, 9.1). On a screen nothing is torn or stained: the lowest level of
  // correction makes the largest modules, which are read from furthest away.
  const { data, size } = encode(page, { ecc: 'L', border: 4 });
  const dark = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
  const attributes = {
    class: 'qr',
    viewBox: `0 0 ${size} ${size}`,
    role: 'img',
    'aria-label': `QR code of ${page}`,
  };
  return drawing(
    'svg',
    attributes,
    drawing('rect', { width: '100%', height: '100%', fill: '#fff' }),
    drawing('path', { d: dark.join(''), fill: '#000' }),
  );
}
