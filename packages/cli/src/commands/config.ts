import { Command } from 'commander';
import type { ConvertOptions } from '../config/convert-config.ts';

const EXAMPLES = `
Examples:
  $ alts config check fleet.yaml
  $ alts config convert alts_config.yaml -o fleet.yaml --secrets-dir secrets
`;

export function configCommand(): Command {
  const check = new Command('check')
    .description('Says what was understood of a configuration, or what is wrong in it and where.')
    .argument('<file>', 'in the new form, or of the Python system')
    .action(async (file: string) => {
      const { checkConfig } = await import('../config/check-config.ts');
      await checkConfig(file);
    });
  const convert = new Command('convert')
    .description('Writes a configuration of the Python system in the new form.')
    .argument('<file>')
    .option('-o, --output <file>', 'left out: to standard output')
    .option('--secrets-dir <dir>', 'put secrets into files there, which nobody else can read')
    .option('--force', 'write over files that are there')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, options: ConvertOptions) => {
      const { convertConfig } = await import('../config/convert-config.ts');
      await convertConfig(file, options);
    });
  return new Command('config')
    .summary('check or convert the configuration of a fleet')
    .addHelpText('after', EXAMPLES)
    .addCommand(check)
    .addCommand(convert);
}
