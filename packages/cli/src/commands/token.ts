import { Command, Option } from 'commander';

const EXAMPLES = `
Scopes: tasks:read, tasks:write, admin. A token without one may do nothing; it may
do everything where scheduler.token says withoutScopes: everything, as one that was
a configuration of the Python system does.

Examples:
  $ alts token --email ci@example.org --expires 30d --scope tasks:read -c fleet.yaml
  $ alts token --email ci@example.org --scope tasks:write --secret-file jwt.secret
`;

export interface TokenCommandOptions {
  readonly email: string;
  readonly expires?: string;
  readonly scope?: readonly string[];
  readonly config?: string;
  readonly secret?: string;
  readonly secretFile?: string;
  readonly algorithm?: 'HS256' | 'HS384' | 'HS512';
  readonly dev?: boolean;
}

const collect = (value: string, previous: readonly string[] = []): string[] => [...previous, value];

export function tokenCommand(): Command {
  return new Command('token')
    .summary('make a token for a scheduler')
    .description('Makes a token (JWT) that a scheduler with the same secret takes, and prints it.')
    .requiredOption('-e, --email <address>', 'whose token it is')
    .option('--expires <duration>', 'such as 30d or 12h; left out: never')
    .option('--scope <scope>', 'what it may do; repeatable; left out: nothing', collect)
    .option('-c, --config <file>', 'the configuration of the fleet, which has the secret')
    .option('-s, --secret <text>', 'the secret; other users of the machine see it in the list of processes')
    .option('--secret-file <path>', 'file with the secret')
    .addOption(new Option('-a, --algorithm <name>', 'default: HS256').choices(['HS256', 'HS384', 'HS512']))
    .option('--dev', 'take a secret that is too short')
    .addHelpText('after', EXAMPLES)
    .action(async (options: TokenCommandOptions) => {
      const { printToken } = await import('../print-token.ts');
      await printToken(options);
    });
}
