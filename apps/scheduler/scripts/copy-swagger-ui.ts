/** Puts Swagger UI into the build: its npm package, which reports installations, is then no dependency of ours. */
import { cp, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const from = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
const to = join(import.meta.dirname, '../dist/http/swagger-ui');
// Its licence asks for itself and for the notices to come along.
const FILES = [
  'swagger-ui.css',
  'swagger-ui-bundle.js',
  'swagger-ui-bundle.js.LICENSE.txt',
  'favicon-32x32.png',
  'LICENSE',
  'NOTICE',
];

await mkdir(to, { recursive: true });
for (const file of FILES) await cp(join(from, file), join(to, file));
