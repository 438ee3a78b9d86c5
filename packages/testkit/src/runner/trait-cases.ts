import assert from 'node:assert/strict';
import { TRAITS, type Trait } from '@alts/sdk/plugin';
import { collect, eventually, rejectsWithReason } from '../expectations.ts';
import { type RunnerBench, type RunnerCase, shell } from './bench.ts';

/** Members that are there if, and only if, the runner has the trait. */
const MEMBERS = { changes: 'changes', reboot: 'reboot' } as const satisfies Partial<Record<Trait, string>>;

async function claims(bench: RunnerBench, trait: Trait): Promise<boolean> {
  return (await bench.runner()).traits.has(trait);
}

async function provesChanges(bench: RunnerBench): Promise<void> {
  const environment = await bench.provision();
  const added = bench.path('added');
  await shell(environment, 'echo x > "$1"; echo >> /etc/passwd; rm /etc/os-release', added);
  const changes = await collect(environment.changes?.() ?? assert.fail('no changes()'));
  for (const change of [
    { path: added, kind: 'added' },
    { path: '/etc/passwd', kind: 'modified' },
    { path: '/etc/os-release', kind: 'deleted' },
  ]) {
    assert.ok(
      changes.some(({ path, kind }) => path === change.path && kind === change.kind),
      `${change.kind} ${change.path} is not among the changes`,
    );
  }
  assert.ok(!changes.some(({ path }) => path === '/etc/group'), '/etc/group was not touched, and is among the changes');
  const reason = new Error('no longer wanted');
  const aborted = collect(environment.changes?.({ signal: AbortSignal.abort(reason) }) ?? assert.fail());
  await rejectsWithReason('changes', reason, aborted);
  await bench.remove(environment);
}

async function provesReboot(bench: RunnerBench): Promise<void> {
  const environment = await bench.provision();
  const bootId = () => shell(environment, 'cat /proc/sys/kernel/random/boot_id');
  const before = await bootId();
  await environment.reboot?.();
  assert.notEqual(await bootId(), before, 'the boot id is still the same');
  await bench.remove(environment);
}

export const traitCases: readonly RunnerCase[] = [
  {
    name: 'says its contract and its name, and knows only traits of the contract',
    run: async (bench) => {
      const runner = await bench.runner();
      assert.equal(runner.contract, 'runner/1');
      assert.match(runner.name, /^[a-z][a-z0-9-]*$/);
      for (const trait of runner.traits) assert.ok(TRAITS.includes(trait), `${trait} is no trait`);
    },
  },
  {
    name: 'makes either containers or machines',
    run: async (bench) => {
      const kinds = [await claims(bench, 'container'), await claims(bench, 'machine')];
      assert.equal(kinds.filter(Boolean).length, 1, 'exactly one of the traits container and machine is needed');
    },
  },
  ...Object.entries(MEMBERS).map(
    ([trait, member]): RunnerCase => ({
      name: `trait ${trait}: environments have ${member}() if, and only if, it is claimed`,
      run: async (bench) => {
        const there = typeof (await bench.shared())[member] === 'function';
        assert.equal(there, await claims(bench, trait as Trait), `${member}() is there: ${there}`);
      },
    }),
  ),
  {
    name: 'trait changes: tells added, modified and deleted files from those of the clean state',
    run: async (bench) => {
      if (await claims(bench, 'changes')) await provesChanges(bench);
    },
  },
  {
    name: 'trait reboot: comes back with a new boot id',
    run: async (bench) => {
      if (await claims(bench, 'reboot')) await provesReboot(bench);
    },
  },
  {
    name: 'trait init: an orphan that ends is reaped',
    run: async (bench) => {
      if (!(await claims(bench, 'init'))) return;
      const environment = await bench.shared();
      const pid = await shell(environment, 'sh -c \'sleep 0.1 > /dev/null 2>&1 & echo "$!"\'');
      const test = ['test', '-e', `/proc/${pid.trim()}`] as const;
      await eventually('the zombie being reaped', async () => {
        const { end } = await environment.exec(test);
        return end.type === 'exit' && end.code === 1;
      });
    },
  },
];
