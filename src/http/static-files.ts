import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file as it is served. */
export interface StaticFile {
  readonly type: string;
  readonly bytes: Uint8Array;
  readonly etag: string;
}

/** The files of the page, in memory. */
export interface StaticFiles {
  /** The single document, which is served at every address of the page. */
  readonly document: StaticFile;
  /** By path, which begins with /assets/. */
  readonly assets: ReadonlyMap<string, StaticFile>;
  /** The OpenAPI description. */
  readonly description: StaticFile;
  /** The Content-Security-Policy (CSP 3) that allows these files and nothing else. */
  readonly policy: string;
}

/** The modules of @noble/curves for Ed25519 and, where a chain has beacons, for BLS12-381, and their imports. */
const curveFiles: readonly string[] = [
  'ed25519.js',
  'bls12-381.js',
  'utils.js',
  ...[
    'bls',
    'curve',
    'der',
    'edwards',
    'fft',
    'frost',
    'hash-to-curve',
    'modular',
    'montgomery',
    'oprf',
    'tower',
    'weierstrass',
  ].map((name) => `abstract/${name}.js`),
];

/** The folders of dist/ whose files the page may import, without those below them. */
const pageFolders: readonly string[] = [
  'base',
  'core',
  'ledger',
  'consensus',
  ...['lottery', 'work', 'instant'].map((kind) => `consensus/${kind}`),
  'library',
  'http/api',
  'web',
];

/**
 * The parts of the style sheet, which a browser gets as one. Later ones override earlier ones: first how things look, then what depends on the
 * window, then what depends on what a visitor has asked for.
 */
const styleParts: readonly string[] = [
  'base',
  'live',
  'strip',
  'winners',
  'join',
  'play',
  'pages',
  'tables',
  'sizes',
  'modes',
];

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json; charset=utf-8',
};

/** Reads the files of the page. The browser runs the same files of base/, core/ and consensus/ as the server. Throws when a file is missing. */
export function readStaticFiles(): StaticFiles {
  try {
    return readAll();
  } catch (error) {
    throw new Error('its files are not there; npm run build makes them', { cause: error });
  }
}

function readAll(): StaticFiles {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const require = createRequire(import.meta.url);
  const chart = dirname(require.resolve('uplot'));
  const assets = new Map<string, StaticFile>();
  for (const folder of pageFolders) {
    for (const name of readdirSync(join(root, 'dist', folder))) {
      if (name.endsWith('.js')) assets.set(`/assets/${folder}/${name}`, readPageFile(join(root, 'dist', folder, name)));
    }
  }
  assets.set('/assets/icon.svg', readPageFile(join(root, 'public', 'icon.svg')));
  const style = styleParts.map((name) => readFileSync(join(root, 'public', 'style', `${name}.css`)));
  assets.set('/assets/style.css', pageFile('.css', Buffer.concat(style)));
  assets.set('/assets/uqr.js', readPageFile(require.resolve('uqr').replace(/cjs$/, 'mjs')));
  const hashes = dirname(require.resolve('@noble/hashes/sha2.js'));
  for (const name of ['sha2.js', 'hmac.js', '_md.js', '_u64.js', 'utils.js']) {
    assets.set(`/assets/hashes/${name}`, readPageFile(join(hashes, name)));
  }
  const curves = dirname(require.resolve('@noble/curves/ed25519.js'));
  for (const name of curveFiles) assets.set(`/assets/curves/${name}`, readPageFile(join(curves, name)));
  assets.set('/assets/uplot.js', readPageFile(join(chart, 'uPlot.esm.js')));
  assets.set('/assets/uplot.css', readPageFile(join(chart, 'uPlot.min.css')));
  const document = readPageFile(join(root, 'public', 'index.html'));
  return {
    document,
    assets,
    description: readPageFile(join(root, 'public', 'openapi.json')),
    policy: policyOf(document),
  };
}

function readPageFile(path: string): StaticFile {
  return pageFile(extname(path), readFileSync(path));
}

function pageFile(extension: string, bytes: Uint8Array): StaticFile {
  const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
  return { type: types[extension] ?? 'application/octet-stream', bytes, etag };
}

/** The Content-Security-Policy. It allows the import map, which browsers take only from inside the document, by its hash. */
function policyOf(document: StaticFile): string {
  const [, map = ''] =
    /<script type="importmap">([\s\S]*?)<\/script>/.exec(new TextDecoder().decode(document.bytes)) ?? [];
  const hash = createHash('sha256').update(map).digest('base64');
  return [
    "default-src 'none'",
    `script-src 'self' 'sha256-${hash}'`,
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
}
