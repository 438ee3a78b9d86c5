import { readFileSync } from 'node:fs';

/** What `--version` prints; read, not imported, for it must cost nothing. */
function version(): string {
  const manifest: { version: string } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return manifest.version;
}

const [first, ...rest] = process.argv.slice(2);
if ((first === '--version' || first === '-V') && rest.length === 0) {
  process.stdout.write(`${version()}\n`);
} else {
  const { run } = await import('./program.ts');
  await run(process.argv.slice(2), version());
}
