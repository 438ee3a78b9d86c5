import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadPlugin, type PluginKind } from './load-plugin.ts';

const cwd = mkdtempSync(join(tmpdir(), 'alts-plugins-'));
afterAll(() => rmSync(cwd, { recursive: true }));
mkdirSync(join(cwd, 'below'));

function install(name: string, manifest: object): void {
  const root = join(cwd, 'node_modules', name);
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, 'package.json'), JSON.stringify({ name, ...manifest }));
  writeFileSync(join(root, 'main.mjs'), `export default '${name}';`);
  writeFileSync(join(root, 'broadcast.mjs'), `export default '${name}/broadcast';`);
}
install('@alts/runner-one', { exports: './main.mjs' });
install('alts-runner-two', { exports: { '.': { types: './x.d.ts', import: './main.mjs' } } });
install('@alts/storage-one', { exports: './main.mjs' });
install('@alts/queue-one', { exports: './main.mjs' });
install('@alts/checker-one', { exports: './main.mjs' });
install('@alts/broadcast-one', { exports: './main.mjs' });
install('@scope/five', { exports: { '.': './main.mjs', './broadcast': { import: './broadcast.mjs' } } });
install('three', { main: 'main.mjs' });
install('@scope/four', { exports: { '.': [{ browser: './no.mjs' }, { node: { default: './main.mjs' } }] } });
writeFileSync(join(cwd, 'local.mjs'), `export default 'local';`);
writeFileSync(join(cwd, 'broken.mjs'), `throw new Error('line one\\nline two');`);

const load = (name: string, from = cwd, kind: PluginKind = 'runner') =>
  loadPlugin({ kind, name, what: `--runner ${JSON.stringify(name)}`, known: ['docker'] }, from);

describe('a plugin that is not built in', () => {
  it.each([
    ['one', '@alts/runner-one'],
    ['two', 'alts-runner-two'],
    ['three', 'three'],
    ['@scope/four', '@scope/four'],
    ['@scope/five/broadcast', '@scope/five/broadcast'],
    ['alts-runner-two', 'alts-runner-two'],
    ['./local.mjs', 'local'],
    ['local.mjs', 'local'],
    [join(cwd, 'local.mjs'), 'local'],
  ])('%s is found from where the command is run', async (name, plugin) => {
    expect(await load(name)).toBe(plugin);
  });

  it('is looked for among those of its kind', async () => {
    expect(await load('one', cwd, 'result-store')).toBe('@alts/storage-one');
    expect(await load('one', cwd, 'queue')).toBe('@alts/queue-one');
    expect(await load('one', cwd, 'broadcast')).toBe('@alts/broadcast-one');
    expect(await load('one', cwd, 'checker')).toBe('@alts/checker-one');
  });

  it('is looked for upwards', async () => {
    expect(await load('one', join(cwd, 'below'))).toBe('@alts/runner-one');
  });

  it.each([
    ['nope', 'no package @alts/runner-nope, alts-runner-nope, nope is installed; built in: docker'],
    ['./nope.js', 'there is no such file'],
    ['a b', 'unknown runner; built in: docker'],
    ['@scope/five/no', 'no package @scope/five/no is installed'],
    ['@scope/four/no', 'no package @scope/four/no is installed'],
    ['fs', 'no package'],
    ['./broken.mjs', 'cannot be loaded: line one'],
  ])('%s is refused in words', async (name, words) => {
    const loading = load(name);
    await expect(loading).rejects.toThrow(words);
    await expect(loading).rejects.toMatchObject({ code: 'invalid_plugin' });
  });
});
