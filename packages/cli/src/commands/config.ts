import { Command } from 'commander';

export function configCommand(): Command {
  const check = new Command('check')
    .description('Says what was understood of a configuration, or what is wrong in it and where.')
    .argument('<file>')
    .action(async (file: string) => {
      const { checkConfig } = await import('../config/check-config.ts');
      await checkConfig(file);
    });
  return new Command('config').summary('check the configuration of a fleet').addCommand(check);
}
