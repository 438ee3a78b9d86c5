import { Command } from 'commander';

const EXAMPLES = `
Exits with 0 when a test can run, else with 3.

Example:
  $ alts doctor
`;

export function doctorCommand(): Command {
  return new Command('doctor')
    .summary('say which runner works, and why not')
    .description('Says what is installed, which runner works and why not, which images are here.')
    .addHelpText('after', EXAMPLES)
    .action(async () => {
      const { diagnose } = await import('../diagnose.ts');
      process.exitCode = await diagnose();
    });
}
