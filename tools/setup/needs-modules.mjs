import { existsSync } from 'node:fs';
import { program } from './repository.mjs';

if (!existsSync(program('node'))) {
  console.error('The packages of this repository are not installed yet. Run `npm ci` first, or `npm run quickstart`.');
  process.exit(1);
}
