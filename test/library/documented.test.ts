import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const page = readFileSync(new URL('docs/library.md', root), 'utf8');

/** The values and the types that an entry exports. */
function namesOf(entry: string): { readonly values: readonly string[]; readonly types: readonly string[] } {
  const source = readFileSync(new URL(`src/library/${entry}.ts`, root), 'utf8');
  const values: string[] = [];
  const types: string[] = [];
  for (const [, isType, list = ''] of source.matchAll(/^export (type )?\{([^}]*)\}/gm)) {
    for (const item of list.split(',').map((text) => text.trim())) {
      const [, typed, name] = /^(type )?(?:\w+ as )?(\w+)$/.exec(item) ?? [];
      if (name !== undefined) (isType === undefined && typed === undefined ? values : types).push(name);
    }
  }
  return { values, types };
}

/** What the tables of the page have, and what they do not: a row of a table begins with the names that it explains. */
const explained = new Set(
  page
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => [...(line.split(' | ')[0] ?? '').matchAll(/`(\w+)/g)].map(([, name]) => name)),
);

describe('the page about the library', () => {
  it.each(['index', 'node/index', 'node/testing'])('explains every value that %s exports', (entry) => {
    const { values } = namesOf(entry);
    expect(values.length).toBeGreaterThan(2);
    expect(values.filter((name) => !explained.has(name))).toEqual([]);
  });

  it('explains nothing that is not exported', () => {
    const exported = new Set(
      ['index', 'node/index', 'node/testing'].flatMap((entry) => [...namesOf(entry).values, ...namesOf(entry).types]),
    );
    expect([...explained].filter((name) => !exported.has(name ?? ''))).toEqual([]);
  });

  it('imports in its examples what is exported', () => {
    const entries = new Map([
      ['sortition', 'index'],
      ['sortition/node', 'node/index'],
      ['sortition/testing', 'node/testing'],
    ]);
    const imports = [...page.matchAll(/import \{([^}]*)\} from '([^']+)'/g)];
    expect(imports.length).toBeGreaterThan(3);
    for (const [, list = '', from = ''] of imports) {
      const { values } = namesOf(entries.get(from) ?? '');
      expect(values).toEqual(expect.arrayContaining(list.split(',').map((name) => name.trim())));
    }
  });
});
