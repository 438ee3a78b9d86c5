import { readFile } from 'node:fs/promises';
import { AltsError } from '@alts/sdk';
import type { TokenCommandOptions } from './commands/token.ts';
import { PROGRAMS } from './config/fleet-config.ts';
import { readConfig } from './config/read-config.ts';

const refuse = (message: string): AltsError => new AltsError('invalid_request', message);

/** What a token is signed with, and what a scheduler with this configuration wants in it. */
export interface SigningKey {
  readonly secret: string;
  readonly algorithm: 'HS256' | 'HS384' | 'HS512';
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
  /** What the scheduler lets a token without scopes do. Left out: that is not known. */
  readonly withoutScopes?: 'everything' | 'nothing' | undefined;
  /** Where the secret is from, for messages. */
  readonly from: string;
}

/**
 * The key of one of `--config`, `--secret` and `--secret-file`.
 * @throws {AltsError} `invalid_request`
 */
export async function signingKey(options: TokenCommandOptions): Promise<SigningKey> {
  const { config, secret, secretFile, algorithm = 'HS256' } = options;
  if ([config, secret, secretFile].filter((source) => source !== undefined).length !== 1) {
    throw refuse('say either --config, --secret or --secret-file');
  }
  if (config !== undefined) return keyOfConfig(config, options.algorithm);
  if (secret !== undefined) return { secret, algorithm, from: '--secret' };
  return { secret: await contentOf(secretFile ?? ''), algorithm, from: '--secret-file' };
}

async function keyOfConfig(path: string, wanted: string | undefined): Promise<SigningKey> {
  const { scheduler } = await readConfig(path, process.env, { sections: PROGRAMS.schedulerAlone });
  const token = scheduler?.token;
  if (!token) throw refuse(`${path}: scheduler.token: is missing (jwt_secret, where the file is of the Python system)`);
  if (!('secret' in token)) {
    throw refuse(`${path}: scheduler.token: has no secret; only who has the private key can make tokens`);
  }
  if (wanted !== undefined && wanted !== token.algorithm) {
    throw refuse(`--algorithm: ${wanted} is not that of ${path}, ${token.algorithm}; leave it out`);
  }
  return { ...token, from: `${path}: scheduler.token` };
}

async function contentOf(path: string): Promise<string> {
  try {
    // As `secret_file` of a configuration is read: another secret would make other signatures.
    return (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
  } catch (error) {
    throw refuse(`--secret-file: cannot read "${path}" (${(error as NodeJS.ErrnoException).code})`);
  }
}
