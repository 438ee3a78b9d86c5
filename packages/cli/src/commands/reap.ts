import { Command } from 'commander';

const EXAMPLES = `
Only what nobody answers for: its process is dead, or its deadline has passed.
The same happens at each start of "alts test".

Example:
  $ alts reap
`;

export interface ReapCommandOptions {
  readonly runner: string;
  readonly runnerOpt?: readonly string[];
}

const collect = (value: string, previous: readonly string[] = []): string[] => [...previous, value];

export function reapCommand(): Command {
  return new Command('reap')
    .summary('remove what killed processes left behind')
    .description('Removes what killed processes left behind, and prints it.')
    .option('--runner <name>', 'name, npm package or file', 'docker')
    .option('--runner-opt <key=value>', 'option of the runner; repeatable', collect)
    .addHelpText('after', EXAMPLES)
    .action(async (options: ReapCommandOptions) => {
      const { reapAbandoned } = await import('../reap-abandoned.ts');
      process.exitCode = await reapAbandoned(options);
    });
}
