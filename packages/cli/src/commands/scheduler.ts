import { Command } from 'commander';

const EXAMPLES = `
Example:
  $ alts scheduler -c fleet.yaml
`;

const MIGRATE_EXAMPLES = `
Example:
  $ alts scheduler migrate -c fleet.yaml
`;

export interface SchedulerCommandOptions {
  readonly config: string;
  readonly dev?: boolean;
}

export function schedulerCommand(): Command {
  const migrate = new Command('migrate')
    .description('Brings the tables to what this version needs; a scheduler does so at its start, too.')
    .addHelpText('after', MIGRATE_EXAMPLES)
    // `-c` is that of the scheduler, on either side of the word: one of its own would never be given anything.
    .configureHelp({ showGlobalOptions: true })
    .action(async (_: object, command: Command) => {
      const { migrateTables } = await import('../run-scheduler.ts');
      await migrateTables(command.optsWithGlobals<SchedulerCommandOptions>().config);
    });
  return new Command('scheduler')
    .summary('take tasks over HTTP and hand them to a queue')
    .description('Takes tasks over HTTP, keeps them, and hands them to the queue that workers take them from.')
    .requiredOption('-c, --config <file>', 'the configuration of the fleet')
    .option('--dev', 'take a secret that is too short')
    .addHelpText('after', EXAMPLES)
    .addCommand(migrate)
    .action(async (options: SchedulerCommandOptions) => {
      const { runScheduler } = await import('../run-scheduler.ts');
      await runScheduler(options);
    });
}
