import { encode } from 'uqr';
import type { Status } from '../http/api/types.ts';
import { drawing, element, link } from './elements.ts';
import { uiConstants } from './ui-constants.ts';

/** The ways to take part: in this browser, with the commands for a terminal, and with a phone that scans a QR code. */
export function joinWays({ join, pages }: Pick<Status, 'join' | 'pages'>): readonly Element[] {
  const commands = joinCommands({ join }).slice(0, uiConstants.commandsMax);
  const page = pages.find((address) => new URL(address).host === location.host) ?? pages[0];
  const list = element(
    'div',
    { class: 'commands' },
    element('p', {}, element('a', { href: '/play', class: 'way-in' }, 'Play in this browser')),
    element('h2', {}, 'or from a terminal'),
    ...commands.map((command) => element('code', {}, command)),
  );
  if (page === undefined) return [list];
  const address = new URL('/play', page).href;
  list.append(element('p', {}, 'On a phone: ', link(address, address)));
  return [list, qrCode(address)];
}

/** The commands to join that are useful elsewhere than at the server itself or, where there are none, all. */
export function joinCommands({ join }: Pick<Status, 'join'>): readonly string[] {
  const others = join.filter((command) => !command.includes(' localhost '));
  return others.length > 0 ? others : join;
}

function qrCode(page: string): SVGElement {
  // A quiet zone of four modules belongs to the symbol (ISO/IEC 18004, 9.1). A screen is not torn or stained, so the lowest level of
  // correction suffices. It has the largest modules, which can be scanned from furthest away.
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
