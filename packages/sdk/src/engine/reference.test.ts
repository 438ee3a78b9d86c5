import { describe, expect, it } from 'vitest';
import { parseRequest } from '../contracts/request.ts';
import { referenceRequest } from './reference.ts';

const base = { system: 'debian:12', taskId: 't', baseline: { version: '1.0' } };
const nameFor = (file: string, name?: string) => {
  const baseline = { ...base.baseline, ...(name && { name }) };
  const request = parseRequest({ ...base, baseline, package: { file: `/tmp/${file}` } });
  return referenceRequest(request, file)?.package;
};

describe('the test of a reference', () => {
  it('is the same but for the version and its own id, without waivers and suites', () => {
    const own = { waivers: [{ rule: 'files/*', reason: 'x' }], recommends: true, tests: ['/x'] };
    const request = parseRequest({ ...base, ...own, package: { name: 'x', version: '2.0' } });
    const { baseline: _, ...rest } = request;
    expect(referenceRequest(request, 'x')).toEqual({
      ...rest,
      taskId: 't-baseline',
      package: { name: 'x', version: '1.0' },
      waivers: [],
      tests: [],
    });
  });

  it('has an id that is not too long', () => {
    const request = parseRequest({ ...base, taskId: 't'.repeat(128), package: { name: 'x' } });
    expect(parseRequest(referenceRequest(request, 'x')).taskId).toHaveLength(128);
  });

  it('is not needed without a baseline', () => {
    expect(referenceRequest(parseRequest({ package: { name: 'x' }, system: 'debian:12' }), 'x')).toBeUndefined();
  });

  it.each([
    ['libx-dev_1.0-1_amd64.deb', 'libx-dev'],
    ['x_2.deb', 'x'],
    ['x-y-1.0-1.el9.x86_64.rpm', 'x-y'],
  ])('of the file %s is that of %s', (file, name) => {
    expect(nameFor(file)).toEqual({ name, version: '1.0' });
  });

  it('needs a name when the file’s name does not say it', () => {
    expect(() => nameFor('new.deb')).toThrow('baseline: give its name, too: "new.deb"');
    expect(nameFor('new.deb', 'x')).toEqual({ name: 'x', version: '1.0' });
  });

  it('takes the same steps, and is upgraded from what is older than itself', () => {
    const lifecycle = [{ step: 'upgrade', from: '1.0' }, 'remove'] as const;
    const request = parseRequest({
      package: { name: 'x' },
      system: 'debian:12',
      baseline: { version: '1.0' },
      lifecycle,
    });
    expect(referenceRequest(request, 'x')?.lifecycle).toEqual(['upgrade', 'remove']);
  });
});
