import { SignJWT } from 'jose';
import type { Scope } from './scopes.ts';

export interface NewToken {
  readonly email: string;
  /** Left out: none, and then it may do nothing, but where the scheduler says otherwise of such tokens. */
  readonly scopes?: readonly Scope[];
  /** From now. Left out: it never expires. */
  readonly expiresInSeconds?: number;
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
}

/** Makes a token that a scheduler with the same secret takes: claims `email` (as the Python system has it) and `sub`. */
export function makeToken(
  { secret, algorithm }: { readonly secret: string; readonly algorithm: 'HS256' | 'HS384' | 'HS512' },
  { email, scopes, expiresInSeconds, issuer, audience }: NewToken,
): Promise<string> {
  const token = new SignJWT({ email, ...(scopes && { scope: scopes.join(' ') }) })
    .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
    .setSubject(email)
    .setIssuedAt();
  if (expiresInSeconds !== undefined) token.setExpirationTime(Math.floor(Date.now() / 1000) + expiresInSeconds);
  if (issuer !== undefined) token.setIssuer(issuer);
  if (audience !== undefined) token.setAudience(audience);
  return token.sign(new TextEncoder().encode(secret));
}
