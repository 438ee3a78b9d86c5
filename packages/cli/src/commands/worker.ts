import { Command } from 'commander';

const EXAMPLES = `
SIGTERM or Ctrl-C once: takes no more, and waits for what runs. Twice: leaves now.

Example:
  $ alts worker -c fleet.yaml --queues docker-x86_64-0 --concurrency 10
`;

export interface WorkerCommandOptions {
  readonly config: string;
  readonly queues?: string;
  readonly concurrency?: string;
}

export function workerCommand(): Command {
  return new Command('worker')
    .summary('take tasks from a queue and run them')
    .description('Takes tasks from queues, runs them, and stores the results.')
    .requiredOption('-c, --config <file>', 'the configuration of the fleet')
    .option('--queues <names>', 'with commas between; in the place of those of the configuration')
    .option('--concurrency <n>', 'tests side by side; in the place of that of the configuration')
    .addHelpText('after', EXAMPLES)
    .action(async (options: WorkerCommandOptions) => {
      const { runWorker } = await import('../run-worker.ts');
      await runWorker(options);
    });
}
