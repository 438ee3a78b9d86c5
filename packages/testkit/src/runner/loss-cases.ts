import { collect, rejectsWithCode, within } from '../expectations.ts';
import type { RunnerCase } from './bench.ts';

export const lossCases: readonly RunnerCase[] = [
  {
    name: 'a command that runs while it is removed rejects with environment_lost',
    run: async (bench) => {
      const environment = await bench.provision();
      const started = Promise.withResolvers<void>();
      const running = environment.exec(['sh', '-c', 'echo x; exec sleep 3600'], { onOutput: () => started.resolve() });
      running.catch(() => undefined);
      await within('the start', started.promise);
      await bench.remove(environment);
      await rejectsWithCode('exec', 'environment_lost', running);
    },
  },
  {
    name: 'exec, read and write reject with environment_lost after it was removed: no file is said to be missing',
    run: async (bench) => {
      const environment = await bench.provision();
      await bench.remove(environment);
      await rejectsWithCode('exec', 'environment_lost', environment.exec(['true']));
      await rejectsWithCode('read', 'environment_lost', collect(environment.read(['/etc/passwd'])));
      const writing = environment.write([{ path: '/var/tmp/x', type: 'file', content: Buffer.from('x') }]);
      await rejectsWithCode('write', 'environment_lost', writing);
    },
  },
];
