import { makeToken, SCOPES, type Scope, whyWeak } from '@alts/scheduler';
import { AltsError } from '@alts/sdk';
import type { TokenCommandOptions } from './commands/token.ts';
import { signingKey } from './signing-key.ts';

const refuse = (message: string): AltsError => new AltsError('invalid_request', message);

const USELESS = 'without --scope the token may do nothing, unless the scheduler has withoutScopes: everything';

/** Prints a new token on stdout, alone. */
export async function printToken(options: TokenCommandOptions): Promise<void> {
  const { token, warning } = await tokenFor(options);
  process.stdout.write(`${token}\n`);
  if (warning !== undefined) process.stderr.write(`alts: ${warning}\n`);
}

/** @throws {AltsError} `invalid_request` */
export async function tokenFor(
  options: TokenCommandOptions,
): Promise<{ readonly token: string; readonly warning: string | undefined }> {
  const { email, expires, scope } = options;
  if (!/^\S+@\S+$/.test(email)) throw refuse(`--email: ${JSON.stringify(email)} is not an address`);
  const { from, issuer, audience, withoutScopes, ...key } = await signingKey(options);
  const weak = options.dev ? undefined : whyWeak(key.secret);
  if (weak !== undefined) throw refuse(`${from}: ${weak} (RFC 7518); for a try, say --dev`);
  const token = await makeToken(key, {
    email,
    issuer,
    audience,
    ...(scope && { scopes: scope.map(asScope) }),
    ...(expires !== undefined && { expiresInSeconds: secondsOf(expires) }),
  });
  return { token, warning: scope || withoutScopes === 'everything' ? undefined : USELESS };
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
