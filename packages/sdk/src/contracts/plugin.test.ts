import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createFromPlugin, definePlugin } from './plugin.ts';
import type { Runner } from './runner.ts';

const runner = { contract: 'runner/1', name: 'x', traits: new Set() } as unknown as Runner;
const plugin = definePlugin({
  kind: 'runner',
  name: 'x',
  options: z.strictObject({ size: z.coerce.number().int() }),
  create: () => runner,
});

describe('a plugin', () => {
  it('makes what it is for from options that its own schema has parsed', async () => {
    expect(await createFromPlugin('runner', plugin, { size: '3' }, 'x')).toBe(runner);
  });

  it.each([
    ['no plugin at all', {}, { code: 'invalid_plugin', message: /^alts-x: its default export is not a plugin/ }],
    [
      'another kind',
      { ...plugin, kind: 'queue' },
      { code: 'invalid_plugin', message: /alts-x is a queue, and a runner is needed/ },
    ],
    [
      'another version of the contract',
      { ...plugin, create: () => ({ contract: 'runner/2' }) },
      { code: 'invalid_plugin', message: /"runner\/1" is needed, this one says "runner\/2"/ },
    ],
  ])('is refused when it is %s', async (_, value, { code, message }) => {
    const made = createFromPlugin('runner', value, { size: 1 }, 'alts-x');
    await expect(made).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('has its options checked, with the name of the option', async () => {
    const made = createFromPlugin('runner', plugin, { size: 'big', colour: 'red' }, 'x');
    await expect(made).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringMatching(/options of runner x: .*size/),
    });
  });
});
