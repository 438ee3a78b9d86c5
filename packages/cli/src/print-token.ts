import { readFile } from 'node:fs/promises';
import { makeToken, SCOPES, type Scope, whyWeak } from '@alts/scheduler';
import { AltsError } from '@alts/sdk';
import type { TokenCommandOptions } from './commands/token.ts';

const refuse = (message: string): AltsError => new AltsError('invalid_request', message);

/** Prints a new token on stdout, alone. */
export async function printToken(options: TokenCommandOptions): Promise<void> {
  process.stdout.write(`${await tokenFor(options)}\n`);
}

/** @throws {AltsError} `invalid_request` */
export async function tokenFor(options: TokenCommandOptions): Promise<string> {
  const { email, algorithm, expires, scope } = options;
  if (!/^\S+@\S+$/.test(email)) throw refuse(`--email: ${JSON.stringify(email)} is not an address`);
  const secret = await secretOf(options);
  const weak = options.dev ? undefined : whyWeak(secret);
  if (weak !== undefined) throw refuse(`--secret: ${weak} (RFC 7518); for a try, say --dev`);
  return makeToken(
    { secret, algorithm },
    {
      email,
      ...(scope && { scopes: scope.map(asScope) }),
      ...(expires !== undefined && { expiresInSeconds: secondsOf(expires) }),
    },
  );
}

const SECONDS: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400 };

function secondsOf(text: string): number {
  const [, count, unit = ''] = /^([1-9]\d{0,6})(m|h|d)$/.exec(text) ?? [];
  if (count !== undefined) return Number(count) * (SECONDS[unit] ?? 0);
  throw refuse(`--expires: ${JSON.stringify(text)} is not a time such as 30d, 12h or 90m`);
}

function asScope(word: string): Scope {
  const known = SCOPES.find((scope) => scope === word);
  if (known) return known;
  throw refuse(`--scope: ${JSON.stringify(word)} is none of ${SCOPES.join(', ')}`);
}

async function secretOf({ secret, secretFile }: TokenCommandOptions): Promise<string> {
  if (secret !== undefined && secretFile === undefined) return secret;
  if (secret !== undefined || secretFile === undefined) throw refuse('say either --secret or --secret-file');
  try {
    return (await readFile(secretFile, 'utf8')).trim();
  } catch (error) {
    throw refuse(`--secret-file: cannot read "${secretFile}" (${(error as NodeJS.ErrnoException).code})`);
  }
}
