import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);

interface Package {
  readonly imports: Readonly<Record<string, { readonly default: string }>>;
  readonly exports: Readonly<Record<string, { readonly default?: string }>>;
}

const { imports, exports }: Package = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));

/** The built file that a specifier names where it is not Node that resolves it; undefined for packages. */
function resolve(specifier: string, from: URL): URL | undefined {
  if (specifier.startsWith('.')) return new URL(specifier, from);
  const target = imports[specifier]?.default;
  return target === undefined ? undefined : new URL(target, root);
}

/** Every specifier that the built files import, from an entry on, with those of dynamic imports. */
function importedFrom(entry: URL): ReadonlySet<string> {
  const packages = new Set<string>();
  const seen = new Set<string>();
  const visit = (file: URL): void => {
    if (seen.has(file.href)) return;
    seen.add(file.href);
    const text = readFileSync(file, 'utf8');
    for (const [, one, other] of text.matchAll(/\bfrom '([^']+)'|\bimport\('([^']+)'\)/g)) {
      const specifier = one ?? other ?? '';
      const next = resolve(specifier, file);
      if (next === undefined) packages.add(specifier);
      else visit(next);
    }
  };
  visit(entry);
  return packages;
}

describe('the package', () => {
  it('exports files that are built', () => {
    for (const target of Object.values(exports)) {
      if (target.default !== undefined) expect(readFileSync(new URL(target.default, root), 'utf8')).not.toBe('');
    }
  });

  it('gives browsers nothing that needs Node, and of packages only those that run there', () => {
    const entry = new URL(exports['.']?.default ?? '', root);
    const packages = [...importedFrom(entry)].sort();
    expect(packages.filter((name) => !/^@(?:noble|scure)\//.test(name))).toEqual([]);
    expect(packages).toContain('@noble/hashes/sha2.js');
    expect(fileURLToPath(entry)).toMatch(/library.index\.js$/);
  });
});
