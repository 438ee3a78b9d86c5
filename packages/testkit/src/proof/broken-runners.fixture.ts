import { AltsError, type Runner } from '@alts/sdk/plugin';
import { type Broken, brokenEnvironment, brokenRunner } from './broken.fixture.ts';

async function* nothing(): AsyncGenerator<never> {}
const changes = () => nothing();

/** Ids that this very object made: what a runner must not rely on. */
function fromMemory(runner: Runner): Runner {
  const mine = new Set<string>();
  return {
    ...runner,
    provision: async (spec, context) => {
      const environment = await runner.provision(spec, context);
      mine.add(environment.id);
      return environment;
    },
    async *list(options) {
      for await (const entry of runner.list(options)) if (mine.has(entry.id)) yield entry;
    },
  };
}

async function removeAll(runner: Runner): Promise<void> {
  for await (const { id } of runner.list()) await runner.remove(id);
}

export const brokenRunners: readonly Broken<Runner>[] = [
  {
    fault: 'speaks another contract',
    breaks: 'says its contract',
    make: brokenRunner(() => ({ contract: 'runner/2' as 'runner/1' })),
  },
  {
    fault: 'claims to make containers and machines',
    breaks: 'makes either containers or machines',
    make: brokenRunner(() => ({ traits: new Set(['container', 'machine'] as const) })),
  },
  {
    fault: 'has an inventory that says no connection',
    breaks: 'says how ansible reaches it',
    make: brokenEnvironment(() => ({ inventory: { ansible_host: 'x' } })),
  },
  {
    fault: 'claims changes and has none',
    breaks: 'environments have changes()',
    make: brokenRunner(() => ({ traits: new Set(['container', 'changes'] as const) })),
  },
  {
    fault: 'has changes and does not claim them',
    breaks: 'environments have changes()',
    make: brokenEnvironment(() => ({ changes })),
  },
  {
    fault: 'claims changes and tells none',
    breaks: 'tells added, modified and deleted files',
    make: (runner) => ({
      ...brokenEnvironment((environment) => ({
        changes,
        // Lest the case change this machine, which is no environment.
        exec: (command, options) => environment.exec(command.includes('-ec') ? ['true'] : command, options),
      }))(runner),
      traits: new Set(['container', 'changes'] as const),
    }),
  },
  {
    fault: 'gives another system than the one asked for',
    breaks: 'gives the system that was asked for',
    make: brokenEnvironment(({ system }) => ({ system: { ...system, version: '1' } })),
  },
  {
    fault: 'provisions although it was aborted before',
    breaks: 'does nothing when the signal was aborted before',
    make: brokenRunner((runner) => ({
      provision: (spec, { lease }) => runner.provision(spec, { lease }),
    })),
  },
  {
    fault: 'leaves an environment behind when it is aborted',
    breaks: 'leaves nothing behind when it is aborted',
    make: brokenRunner((runner) => ({
      provision: async (spec, context) => {
        const environment = await runner.provision(spec, context);
        await new Promise((resolve) => setTimeout(resolve, 30));
        context.signal?.throwIfAborted();
        return environment;
      },
    })),
  },
  {
    fault: 'rejects an abort with an error of its own',
    breaks: 'does nothing when the signal was aborted before',
    make: brokenRunner((runner) => ({
      provision: async (spec, context) => {
        if (context.signal?.aborted) throw new AltsError('runner_unavailable', 'aborted');
        return await runner.provision(spec, context);
      },
    })),
  },
  {
    fault: 'throws an error without a code',
    breaks: 'says with a code that it cannot make a system',
    make: brokenRunner((runner) => ({
      provision: (spec, context) =>
        runner.provision(spec, context).catch(() => {
          throw new Error('no such image');
        }),
    })),
  },
  {
    fault: 'lists nothing',
    breaks: 'lists an environment with its whole lease',
    make: brokenRunner(() => ({ list: () => nothing() })),
  },
  {
    fault: 'loses the owner of the lease',
    breaks: 'lists an environment with its whole lease',
    make: brokenRunner((runner) => ({
      async *list(options) {
        for await (const { id, lease } of runner.list(options)) yield { id, lease: { ...lease, owner: 'somebody' } };
      },
    })),
  },
  {
    fault: 'forgets a part of the deadline',
    breaks: 'lists an environment with its whole lease',
    make: brokenRunner((runner) => ({
      async *list(options) {
        for await (const { id, lease } of runner.list(options)) {
          yield { id, lease: { ...lease, deadline: new Date(lease.deadline.getTime() - 86_400_000) } };
        }
      },
    })),
  },
  { fault: 'lists from its memory', breaks: 'asks the backend and not its memory', make: fromMemory },
  {
    fault: 'does not remove',
    breaks: 'lists no longer what was removed',
    make: brokenRunner(() => ({ remove: async () => undefined })),
  },
  {
    fault: 'complains of a second removal',
    breaks: 'removes it a second time without a word',
    make: brokenRunner((runner) => ({
      remove: async (id) => {
        const listed = await Array.fromAsync(runner.list());
        if (!listed.some((entry) => entry.id === id)) throw new AltsError('environment_lost', 'no such environment');
        await runner.remove(id);
      },
    })),
  },
  {
    fault: 'complains of what never was',
    breaks: 'removes what never was without a word',
    make: brokenRunner((runner) => ({
      remove: async (id) => {
        if (id.startsWith('conformance-')) throw new AltsError('environment_lost', 'no such environment');
        await runner.remove(id);
      },
    })),
  },
  {
    fault: 'removes more than it was told',
    breaks: 'and no other',
    make: brokenRunner((runner) => ({ remove: () => removeAll(runner) })),
  },
  {
    fault: 'lists on after an abort',
    breaks: 'ends list with the reason of the signal',
    make: brokenRunner((runner) => ({ list: () => runner.list() })),
  },
  {
    fault: 'says that files are missing when the environment is',
    breaks: 'no file is said to be missing',
    make: brokenEnvironment((environment) => ({
      async *read(paths, options) {
        try {
          yield* environment.read(paths, options);
        } catch {
          yield { path: '/etc/passwd', type: 'missing' };
        }
      },
    })),
  },
];
