import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { environmentOver } from './environment-over.ts';
import { batches } from './plain-command.ts';

// That it keeps the contract is proved in packages/testkit, over processes of this machine, and by examples/ over
// `docker exec`; here is what an environment says when it is used in a wrong way, or when its transport breaks.

const directory = mkdtempSync(join(tmpdir(), 'alts-environment-over-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const system = { distribution: 'debian', version: '12' };
const here = environmentOver(
  { start: ([program, ...args]) => spawn(program, args) },
  { id: 'here', system, access: { enter: 'sh', remove: 'true' } },
);
const broken = environmentOver({ start: () => spawn('/no/such/program') }, { id: 'gone', system });

it('has the members that it was described with', () => {
  expect(here).toMatchObject({ id: 'here', system, access: { enter: 'sh', remove: 'true' } });
});

describe('a transport that does not work', () => {
  it('is environment_lost for exec, read and write', async () => {
    const lost = { code: 'environment_lost' };
    await expect(broken.exec(['true'])).rejects.toMatchObject(lost);
    await expect(Array.fromAsync(broken.read(['/etc/passwd']))).rejects.toMatchObject(lost);
    await expect(broken.write([{ path: '/tmp/x', type: 'file' }])).rejects.toMatchObject(lost);
  });
});

describe('what is refused, with the name of the field', () => {
  it.each(['', 'A=B', '1A', 'A B', 'A;B'])('a variable named %j', async (name) => {
    await expect(here.exec(['true'], { env: { [name]: 'x' } })).rejects.toThrow(`env: ${JSON.stringify(name)}`);
  });

  it.each(['', 'relative', './x', '/nul\0byte'])('the path %j', async (path) => {
    const reading = Array.fromAsync(here.read([path]));
    await expect(reading).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining('path: '),
    });
    await expect(here.write([{ path, type: 'file' }])).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('a symbolic link to nothing', async () => {
    const writing = here.write([{ path: join(directory, 'link'), type: 'symlink' }]);
    await expect(writing).rejects.toThrow('target: ');
    expect(existsSync(join(directory, 'link'))).toBe(false);
  });
});

describe.runIf(process.platform === 'linux')('over processes of this machine', () => {
  it('rejects with the error of the input when that breaks off', async () => {
    const fault = new Error('the download broke off');
    async function* breaking() {
      yield Buffer.from('half');
      throw fault;
    }
    await expect(here.exec(['cat'], { stdin: breaking() })).rejects.toBe(fault);
  });

  it.runIf(existsSync('/dev/full'))('says disk_full when no space is left', async () => {
    const writing = here.write([{ path: '/dev/full', type: 'file', content: Buffer.from('x'), mode: 0o666 }]);
    await expect(writing).rejects.toMatchObject({ code: 'disk_full' });
  });
});

it('puts as many arguments into one command as fit, and loses none', () => {
  const paths = Array.from({ length: 5000 }, (_, index) => `/a/path/of/some/length/${index}`);
  const groups = [...batches(paths, (path) => [path])];
  expect(groups.flat()).toEqual(paths);
  expect(groups.length).toBeGreaterThan(1);
  for (const group of groups) expect(group.join('\0').length).toBeLessThanOrEqual(65_536);
});
