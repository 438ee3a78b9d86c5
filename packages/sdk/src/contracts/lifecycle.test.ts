import { describe, expect, it } from 'vitest';
import { Lifecycle, leavesInstalled, STEPS } from './lifecycle.ts';
import { parseRequest } from './request.ts';

const asked = (lifecycle: unknown) => parseRequest({ package: { name: 'hello' }, system: 'debian:12', lifecycle });

describe('a life cycle', () => {
  it('knows every step by its name', () => {
    expect(asked(STEPS).lifecycle).toEqual(STEPS);
  });

  it('takes versions where there is one to be said', () => {
    const steps = [{ step: 'upgrade', from: '1:1.0-1' }, { step: 'downgrade', to: '0.9' }, { step: 'remove' }];
    expect(asked(steps).lifecycle).toEqual(steps);
  });

  it('says which steps leave the version under test installed', () => {
    expect(STEPS.filter(leavesInstalled)).toEqual(['install', 'reinstall', 'upgrade', 'install-again']);
  });

  it.each([
    ['an unknown step', ['instal'], 'lifecycle.0: must be one of install, reinstall, upgrade,'],
    ['an unknown step in an object', [{ step: 'x' }], 'lifecycle.0.step: must have a step, one of install,'],
    ['an object without a step', ['install', { from: '1' }], 'lifecycle.1.step: must have a step'],
    ['a version of a step that has none', [{ step: 'install', from: '1' }], 'lifecycle.0: Unrecognized key: "from"'],
    ['a typing mistake', [{ step: 'upgrade', form: '1' }], 'lifecycle.0: Unrecognized key: "form"'],
    ['what is no version', [{ step: 'upgrade', from: '-x' }], 'lifecycle.0.from: must be a version'],
    ['no steps', [], 'lifecycle: has no steps'],
    ['too many', Array(17).fill('install'), 'lifecycle: has more than 16 steps'],
    ['nothing to be checked', ['remove', 'downgrade'], 'lifecycle: must have a step that leaves the package installed'],
    ['no list', 'install', 'lifecycle: '],
  ])('refuses %s in one line', (_, lifecycle, message) => {
    expect(() => asked(lifecycle)).toThrow(message);
    expect(() => asked(lifecycle)).not.toThrow('\n');
  });

  it('has room for sixteen', () => expect(Lifecycle.parse(Array(16).fill('install'))).toHaveLength(16));
});
