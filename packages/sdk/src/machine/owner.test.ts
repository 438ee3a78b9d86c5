import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { currentOwner, KEPT, ownerState } from './owner.ts';

const [space, , started] = currentOwner().split(':');

describe('the owner of an environment', () => {
  it('is alive while its process runs', () => {
    expect(ownerState(currentOwner())).toBe('alive');
  });

  it('is dead when its process was killed', async () => {
    const child = spawn('sleep', ['60']);
    await once(child, 'spawn');
    const stat = await import('node:fs').then((fs) => fs.readFileSync(`/proc/${child.pid}/stat`, 'utf8'));
    const owner = `${space}:${child.pid}:${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
    expect(ownerState(owner)).toBe('alive');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(ownerState(owner)).toBe('dead');
  });

  it('is dead when another process has its number now', () => {
    expect(ownerState(`${space}:${process.pid}:${Number(started) + 1}`)).toBe('dead');
  });

  it.each([KEPT, `0123456789abcdef:1:1`, 'nonsense', ''])('is unknown for %j', (owner) => {
    expect(ownerState(owner)).toBe('unknown');
  });
});
