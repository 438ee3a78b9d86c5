import { createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';

/** The key set cannot be had, or is none: nobody can say whether a token is good. */
export class KeysUnavailable extends Error {
  constructor(url: string, cause: unknown) {
    super(`the keys of tokens cannot be had from ${url}: ${reasonOf(cause)}`, { cause });
    this.name = 'KeysUnavailable';
  }
}

/**
 * Keys at a URL, RFC 7517.
 * @returns throws {@link KeysUnavailable} where it is not the token's fault that there is no key
 */
export function remoteKeys(url: string): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(new URL(url));
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      if (isOfToken(error)) throw error;
      throw new KeysUnavailable(url, error);
    }
  };
}

/** It names no key of the set, or could be signed by several. */
function isOfToken(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}

/** That of fetch() says only that it failed; why is in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error
    ? cause.message || ((cause as NodeJS.ErrnoException).code ?? cause.name)
    : error.message;
}
