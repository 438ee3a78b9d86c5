import { AltsError } from '../../contracts/errors.ts';
import { splitCredentials, withoutCredentials } from '../../download/url-credentials.ts';
import { runTool, saysDiskFull, type ToolOptions, type ToolResult } from '../run-tool.ts';

/** A repository on a server. */
export interface Remote {
  /** As git is told it: without user and password where it is of http. */
  readonly address: string;
  /** As people may see it. */
  readonly shown: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Of the caller's environment what may say how servers are reached; all else of git could change what a fetch does. */
const KEPT = /^GIT_(SSH|SSH_COMMAND|SSL_\w+|PROXY_COMMAND)$/;

/**
 * Settings that hold for each git, submodules included: git-config(1) reads them from the environment.
 * No hooks, no filters of a configuration, no fsmonitor: nothing that a repository says is run on this machine.
 */
const SETTINGS: readonly (readonly [string, string])[] = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['advice.detachedHead', 'false'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  // A server that sends nothing for a minute is not waited for.
  ['http.lowSpeedLimit', '1'],
  ['http.lowSpeedTime', '60'],
];

/** How a repository is asked for; user and password go neither onto a command line nor to another server. */
export function remoteOf(url: string): Remote {
  const isWeb = /^https?:/.test(url);
  const { address, authorization } = isWeb ? splitCredentials(url) : { address: url };
  const settings = [...SETTINGS];
  if (authorization !== undefined) {
    settings.push([`http.${new URL(address).origin}/.extraHeader`, `Authorization: ${authorization}`]);
  }
  return { address, shown: withoutCredentials(url), env: environmentWith(settings) };
}

function environmentWith(settings: readonly (readonly [string, string])[]): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => (!name.startsWith('GIT_') || KEPT.test(name)) && name !== 'SSH_ASKPASS',
  );
  const pairs = settings.flatMap(([key, value], at) => [
    [`GIT_CONFIG_KEY_${at}`, key],
    [`GIT_CONFIG_VALUE_${at}`, value],
  ]);
  return {
    GIT_SSH_COMMAND: 'ssh -o BatchMode=yes -o ConnectTimeout=30',
    ...Object.fromEntries([...inherited, ...pairs]),
    GIT_CONFIG_COUNT: String(settings.length),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TEMPLATE_DIR: '',
    GIT_ALLOW_PROTOCOL: 'https:http:ssh:git',
    GIT_TERMINAL_PROMPT: '0',
    GIT_LFS_SKIP_SMUDGE: '1',
    LC_ALL: 'C',
  };
}

/** Runs git as {@link runTool} does; its exit code is the caller's to read. */
export function tryGit(
  remote: Remote,
  args: readonly string[],
  options: Omit<ToolOptions, 'env'>,
): Promise<ToolResult> {
  return runTool('git', args, { ...options, env: remote.env });
}

/**
 * Runs git, which is to succeed.
 * @throws {AltsError} `repository_unavailable`, `disk_full`
 */
export async function runGit(
  remote: Remote,
  args: readonly string[],
  options: Omit<ToolOptions, 'env'>,
): Promise<string> {
  const result = await tryGit(remote, args, options);
  if (result.exitCode === 0) return result.stdout;
  throw gitError(remote, result);
}

export function gitError({ shown }: Remote, { stderr }: ToolResult): AltsError {
  if (saysDiskFull(stderr)) return new AltsError('disk_full', `no space left to fetch ${shown}`);
  if (/terminal prompts disabled|Authentication failed|Permission denied|returned error: 40[13]/i.test(stderr)) {
    return new AltsError('repository_unavailable', `${shown} refuses access, or wants a user and password`);
  }
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const said = lines.find((line) => /^(fatal|error|ssh|remote):? /.test(line)) ?? lines.at(-1) ?? 'git gave no reason';
  return new AltsError('repository_unavailable', `cannot fetch ${shown}: ${withoutCredentials(said).slice(0, 500)}`);
}
