import { Command } from 'commander';

const EXAMPLES = `
Everything is in one process: no broker, no database server, no configuration.
Tasks and results are kept in the directory of --data; with --config, results are
where it says, and runner and checkers are as it says.

Examples:
  $ alts dev
  $ alts dev -c fleet.yaml --runner vms
`;

export interface DevCommandOptions {
  readonly config?: string;
  readonly port: string;
  readonly data: string;
  readonly runner: string;
  readonly runnerOpt?: readonly string[];
  readonly jobs?: string;
}

const collect = (value: string, previous: readonly string[] = []): string[] => [...previous, value];

export function devCommand(): Command {
  return new Command('dev')
    .summary('start a scheduler and a worker to try things out')
    .description('Starts a scheduler and a worker in one process; prints a token and how to use it.')
    .option('--port <n>', 'of the scheduler, on this machine only', '8000')
    .option('--data <dir>', 'for tasks and results', 'alts-dev')
    .option('--runner <name>', 'name, npm package or file', 'docker')
    .option('-c, --config <file>', 'take runner, checkers and store from there')
    .option('--runner-opt <key=value>', 'option of the runner; repeatable', collect)
    .option('--jobs <n>', 'tests side by side (default: as many as CPUs)')
    .addHelpText('after', EXAMPLES)
    .action(async (options: DevCommandOptions) => {
      const { runDev } = await import('../run-dev.ts');
      await runDev(options);
    });
}
