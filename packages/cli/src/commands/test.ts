import { Command } from 'commander';

const EXAMPLES = `<package> is <name>[=<version>], a path or a URL of a .deb or .rpm file.
Example:
  $ alts test nginx-light --on debian:12 --on debian:13/amd64 --timeout test=1h
`;

const collect = (value: string, previous: readonly string[] = []): string[] => [...previous, value];

/** As commander hands them over: nothing is checked yet. */
export interface TestCommandOptions {
  readonly on?: readonly string[];
  readonly repo?: readonly string[];
  readonly runner: string;
  readonly runnerOpt?: readonly string[];
  readonly format?: string;
  readonly report?: readonly string[];
  readonly output: string;
  readonly timeout?: readonly string[];
  readonly keep?: true;
  readonly recommends?: true;
  readonly jobs?: string;
  readonly allow?: readonly string[];
  readonly tests?: readonly string[];
  readonly env?: readonly string[];
  readonly module?: string;
  readonly lifecycle?: string;
  readonly config?: string;
  readonly baseline?: string;
}

export function testCommand(): Command {
  return new Command('test')
    .summary('test a package on clean systems')
    .description('Installs a package on clean systems, checks what it put there, removes it again.')
    .argument('<package>')
    .option('--on <system>', '<distribution>:<version>[/<arch>]; repeatable', collect)
    .option('--repo <entry>', 'a "deb …" line or JSON {"name", "url"}; repeatable', collect)
    .option('--runner <name>', 'name, npm package or file', 'docker')
    .option('--runner-opt <key=value>', 'option of the runner; repeatable', collect)
    .option('--format <format>', 'stdout: pretty, json, junit, tap, github, html')
    .option('--report <format=path>', 'a file, such as html=out.html; repeatable', collect)
    .option('--output <dir>', 'for logs and reports', 'alts-results')
    .option('--timeout <stage=duration>', 'limit of a stage, command or test; repeatable', collect)
    .option('--recommends', 'install recommended packages, too')
    .option('--allow <what>', 'downgrade or erasing of other packages; repeatable', collect)
    .option('--lifecycle <steps>', 'such as install,upgrade=1.0,downgrade,remove,purge')
    .option('--tests <source>', 'directory, <url>.git/<dir>#<ref>, tarball; repeatable', collect)
    .option('--env <name=value>', 'variable for the tests; repeatable', collect)
    .option('--module <name:stream>', 'rpm: a module stream to enable first')
    .option('--config <file>', 'JSON with severities, waivers, skips, exclusions')
    .option('--baseline <reference>', 'report.json or a version; only what is new decides')
    .option('--keep', 'leave the environment running; says how to enter')
    .option('--jobs <n>', 'how many side by side (default: as many as CPUs)')
    .addHelpText('after', EXAMPLES)
    .action(async (target: string, options: TestCommandOptions) => {
      const { runTests } = await import('../run-tests.ts');
      process.exitCode = await runTests(target, options);
    });
}
