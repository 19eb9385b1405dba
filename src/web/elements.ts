type Attributes = Readonly<Record<string, string>>;
type Child = Node | string;

const svgNamespace = 'http://www.w3.org/2000/svg';

/** Makes an element. Strings among the children become text nodes, so that input is never parsed as markup. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Makes an SVG element. */
export function drawing<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[K] {
  const made = document.createElementNS(svgNamespace, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Makes a link within the page. */
export function link(address: string, ...children: readonly Child[]): HTMLAnchorElement {
  return element('a', { href: address }, ...children);
}

/** Sets the text of an element only if it differs, because a screen reader announces every change. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

/**
 * Replaces the rows of an element. Rows are identified by their attribute data-key, and unchanged parts stay in the document, so that the focus
 * and the scroll position are kept.
 */
export function renewRows(parent: Element, rows: readonly HTMLElement[]): void {
  const focused = document.activeElement;
  const keys = new Set(rows.map(keyOf));
  const known = new Map<string, Element>();
  for (const old of [...parent.children]) {
    if (keys.has(keyOf(old))) known.set(keyOf(old), old);
    else old.remove();
  }
  let next = parent.firstElementChild;
  for (const row of rows) {
    const old = known.get(keyOf(row));
    if (old !== undefined) renewRow(old, row);
    const shown = old ?? row;
    if (shown === next) next = next.nextElementSibling;
    else parent.insertBefore(shown, next);
  }
  // A row that was moved has lost the focus.
  if (focused instanceof HTMLElement && focused !== document.activeElement && parent.contains(focused)) {
    focused.focus({ preventScroll: true });
  }
}

function renewRow(old: Element, row: Element): void {
  old.className = row.className;
  const cells = [...row.children];
  if (old.children.length !== cells.length) {
    old.replaceChildren(...cells);
    return;
  }
  for (const [place, cell] of [...old.children].entries()) {
    const renewed = cells[place];
    if (renewed !== undefined && !cell.isEqualNode(renewed)) cell.replaceWith(renewed);
  }
}

function keyOf(row: Element): string {
  return row.getAttribute('data-key') ?? '';
}

/**
 * A column of a table. `isName` marks the header of each row, `isNumber` right-aligned numbers, `isSpare` a column that is hidden where there is
 * little room.
 */
export interface Column {
  readonly title: string;
  readonly isName?: true;
  readonly isNumber?: true;
  readonly isSpare?: true;
}

/** Makes a table with a header. It scrolls horizontally in a narrow window, and its edge shows that. */
export function table(columns: readonly Column[], body: HTMLTableSectionElement): HTMLElement {
  const head = columns.map((column) => element('th', { scope: 'col', class: classOf(column) }, column.title));
  const made = element('table', {}, element('thead', {}, element('tr', {}, ...head)), body);
  const titles = columns.map(({ title }) => title).join(', ');
  return element('div', { class: 'wide', role: 'region', tabindex: '0', 'aria-label': titles }, made);
}

/** The cells of a row, one for each of these columns. */
export function cells(columns: readonly Column[], ...contents: readonly Child[]): readonly HTMLElement[] {
  return columns.map((column, place) => {
    const content = contents[place] ?? '';
    return column.isName
      ? element('th', { scope: 'row' }, content)
      : element('td', { class: classOf(column) }, content);
  });
}

function classOf({ isNumber, isSpare }: Column): string {
  return [isNumber ? 'number' : '', isSpare ? 'spare' : ''].join(' ').trim();
}
