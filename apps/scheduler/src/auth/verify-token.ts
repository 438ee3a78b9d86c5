import { importSPKI, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { KeysUnavailable, remoteKeys } from './key-set.ts';
import { RecentTokens } from './recent-tokens.ts';
import { type Caller, isScope, type Scope } from './scopes.ts';
import type { TokenOptions } from './token-options.ts';

/**
 * Says who calls; undefined for a token that is not good, whatever the reason.
 * @throws {KeysUnavailable} where nobody can say whether it is
 */
export type VerifyToken = (token: string) => Promise<Caller | undefined>;

/**
 * Checks tokens: signature, `exp`, `nbf`, and `iss` and `aud` as configured.
 * @throws {TypeError} for a public key that is none, which {@link TokenOptions} does not let through
 */
export async function tokenVerifier(options: TokenOptions): Promise<VerifyToken> {
  const key = await keyOf(options);
  const { algorithm, issuer, audience, withoutScopes, clockToleranceSeconds } = options;
  const recent = new RecentTokens();
  return async (token) => {
    const known = recent.find(token);
    if (known) return known;
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: [algorithm],
        clockTolerance: clockToleranceSeconds,
        ...(issuer !== undefined && { issuer }),
        ...(audience !== undefined && { audience }),
      });
      if (audience === undefined && payload.aud !== undefined) return undefined;
      const caller = { name: nameOf(payload), scopes: scopesOf(payload, withoutScopes) };
      recent.keep(token, caller, payload.exp);
      return caller;
    } catch (error) {
      if (error instanceof KeysUnavailable) throw error;
      return undefined;
    }
  };
}

async function keyOf(options: TokenOptions): Promise<JWTVerifyGetKey> {
  if ('jwksUrl' in options) return remoteKeys(options.jwksUrl);
  const key =
    'secret' in options
      ? new TextEncoder().encode(options.secret)
      : await importSPKI(options.publicKey, options.algorithm);
  return async () => key;
}

function nameOf({ sub, email }: JWTPayload): string {
  const name = sub ?? email;
  return typeof name === 'string' ? name.slice(0, 200) : 'somebody';
}

/** `scope`, RFC 8693 section 4.2: words with spaces between; some makers write a list, or call it `scp`. */
function scopesOf({ scope, scp }: JWTPayload, withoutScopes: 'everything' | 'nothing'): ReadonlySet<Scope> {
  const claims = [scope, scp].filter((claim) => claim !== undefined);
  if (claims.length === 0) return new Set(withoutScopes === 'everything' ? ['admin'] : []);
  const words = claims.flatMap((claim) => (typeof claim === 'string' ? claim.split(' ') : claim));
  return new Set(words.filter((word): word is Scope => typeof word === 'string' && isScope(word)));
}
